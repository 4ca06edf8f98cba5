// A description read from a text: the value, and every problem it has.
#pragma once

#include "input/problems.hpp"
#include "input/reader.hpp"
#include "input/yaml.hpp"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace traingrid {

template <class T>
struct ReadText {
  T value;
  std::string problems;  ///< as they are printed; empty if there is none
};

template <Described T>
ReadText<T> read_text(const std::string& text, const std::string& name) {
  ReadText<T> read;
  Problems problems;
  Node root = parse_yaml(std::make_shared<SourceFile>(SourceFile{.path = name + ".yaml", .bytes = text}), problems);
  stamp_sources(root, problems);
  Reader(root, name, problems).root(read.value);
  read.problems = problems.text();
  return read;
}

/// The problems as one line each, without the place and the caret.
inline std::vector<std::string> messages(const std::string& problems) {
  std::vector<std::string> lines;
  std::istringstream stream(problems);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(' ')) lines.push_back(line.substr(line.find(": ") + 2));
  }
  return lines;
}

}  // namespace traingrid

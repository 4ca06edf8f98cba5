// `--set a.b=v`: which description a key belongs to, and what is put there.
#pragma once

#include "input/inputs.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace traingrid {

class Settings {
 public:
  /// The kinds of descriptions that keys may belong to, in the order in which they are asked.
  using Kinds = std::vector<std::pair<std::string, Outline>>;

  /// Texts as typed. Those that name no key of any kind are problems of `inputs`.
  Settings(std::span<const std::string> texts, const Kinds& kinds, Inputs& inputs);

  /// Sets, in the order typed, the keys that belong to this kind of document.
  void apply(Document& document) const;

 private:
  struct Setting {
    std::string kind;
    std::vector<std::string> steps;
    Node value;
  };
  void add(const std::string& text, const Kinds& kinds, Inputs& inputs);

  std::vector<Setting> list_;
};

}  // namespace traingrid

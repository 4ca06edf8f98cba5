// The forms in which a result is written: one file per writer and one line of kWriters.
// Writers never compute; all text is UTF-8 and ends with a newline; equal results give equal bytes.
#pragma once

#include "study/result.hpp"

#include <array>
#include <string>
#include <string_view>

namespace traingrid {

std::string write_table(const Result& result);
std::string write_json(const Result& result);
std::string write_csv(const Result& result);
std::string write_markdown(const Result& result);
std::string write_latex(const Result& result);

struct Writer {
  std::string_view name;  ///< what users write after --format
  std::string_view summary;
  std::string (*write)(const Result& result);
};

inline constexpr std::array kWriters{
    Writer{"table", "for people: figures by group, published ones beside them", write_table},
    Writer{"json", "for programs: schema traingrid.result/1, every field", write_json},
    Writer{"csv", "for spreadsheets: a heading and one row with every figure", write_csv},
    Writer{"markdown", "the table for web pages and issues", write_markdown},
    Writer{"latex", "the table for papers (booktabs)", write_latex},
};

/// The writer of that name, or null.
constexpr const Writer* find_writer(std::string_view name) {
  for (const Writer& writer : kWriters) {
    if (writer.name == name) return &writer;
  }
  return nullptr;
}

}  // namespace traingrid

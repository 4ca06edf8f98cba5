// The result for people: aligned plain text that fits 100 columns.
#include "report/sheet.hpp"
#include "report/writers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace traingrid {
namespace {

constexpr std::size_t kLineWidth = 100;

/// Characters, not bytes: "m³" is two wide.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string label(const SheetRow& row) {
  return std::string(2 * static_cast<std::size_t>(row.level), ' ') + row.cells.front();
}

std::vector<std::size_t> column_widths(const Sheet& sheet) {
  std::vector<std::size_t> widths;
  for (const std::string& heading : sheet.headings) widths.push_back(width(heading));
  for (const SheetRow& row : sheet.rows) {
    widths[0] = std::max(widths[0], width(label(row)));
    for (std::size_t i = 1; i < widths.size(); ++i) widths[i] = std::max(widths[i], width(row.cells[i]));
  }
  return widths;
}

std::size_t line_width(const Sheet& sheet) {
  const std::vector<std::size_t> widths = column_widths(sheet);
  return std::accumulate(widths.begin(), widths.end(), 2 * (widths.size() - 1));
}

void leave_out(Sheet& sheet, std::string_view heading) {
  const auto column = std::ranges::find(sheet.headings, heading) - sheet.headings.begin();
  if (column == std::ssize(sheet.headings)) return;
  sheet.headings.erase(sheet.headings.begin() + column);
  for (SheetRow& row : sheet.rows) row.cells.erase(row.cells.begin() + column);
}

/// Without what a reader can work out from the other columns, if all of them are too wide together.
Sheet fitted(Sheet sheet) {
  for (const std::string_view heading : {"difference", "share"}) {
    if (line_width(sheet) > kLineWidth) leave_out(sheet, heading);
  }
  return sheet;
}

std::string line(std::string_view first, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths) {
  std::string text = fmt::format("{:<{}}", first, widths[0]);
  for (std::size_t i = 1; i < widths.size(); ++i) {
    text +=
        i < kTextColumns ? fmt::format("  {:<{}}", cells[i], widths[i]) : fmt::format("  {:>{}}", cells[i], widths[i]);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

/// The text after its prefix, broken at spaces; lines after the first are indented.
std::string wrapped(std::string_view prefix, std::string_view text, std::size_t indent) {
  std::string lines{prefix};
  std::size_t column = width(prefix);
  bool at_start = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!at_start && column + 1 + width(word) > kLineWidth) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!at_start) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += width(word);
    at_start = false;
  }
  return lines + '\n';
}

std::string list(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text = fmt::format("\n{}\n", heading);
  for (const std::string& item : items) text += wrapped("  - ", item, 4);
  return text;
}

}  // namespace

std::string write_table(const Result& result) {
  const Sheet sheet = fitted(sheet_of(result));
  const std::vector<std::size_t> widths = column_widths(sheet);
  std::string text = wrapped("", sheet.title, 2);
  if (!sheet.reason.empty()) text += wrapped("infeasible: ", sheet.reason, 2);
  if (!sheet.rows.empty()) text += '\n' + line("", sheet.headings, widths);
  for (const SheetRow& row : sheet.rows) text += line(label(row), row.cells, widths);
  return text + list(kInfluences, sheet.influences) + list("notes", sheet.notes) +
         list("published figures", sheet.sources);
}

}  // namespace traingrid

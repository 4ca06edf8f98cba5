#include "input/table.hpp"

#include "input/problems.hpp"

#include <utility>

namespace traingrid {
namespace {

/// A text that is read once, with the place it has come to.
struct Scanner {
  std::string_view text;
  std::size_t line = 1, column = 1;

  bool at_end() const { return text.empty(); }
  bool at_line_end() const { return text.empty() || text.starts_with('\n') || text.starts_with("\r\n"); }
  char take() {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
    return c;
  }
};

/// What stands between quotes, the first of which was taken; false if there is no second.
bool take_quoted(Scanner& scanner, std::string& cell) {
  while (!scanner.at_end()) {
    const char c = scanner.take();
    if (c == '"' && !scanner.text.starts_with('"')) return true;
    if (c == '"') scanner.take();
    cell += c;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Table Table::parse(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  Table table;
  table.file_ = file;
  Scanner scanner{file->bytes};
  while (!scanner.at_end()) {
    std::vector<Cell> row{{"", scanner.line, scanner.column}};
    while (!scanner.at_line_end()) {
      const Mark place{file, scanner.line, scanner.column};
      const char c = scanner.take();
      if (c == ',') {
        row.push_back({"", scanner.line, scanner.column});
      } else if (c == '"' && row.back().text.empty()) {
        if (!take_quoted(scanner, row.back().text)) problems.add(place, "this quote is never closed");
      } else {
        row.back().text += c;
      }
    }
    if (scanner.text.starts_with('\r')) scanner.take();
    if (!scanner.at_end()) scanner.take();
    const bool blank = row.size() == 1 && trimmed(row.front().text).empty();
    if (!blank) table.rows_.push_back(std::move(row));
  }
  return table;
}

std::string_view Table::cell(std::size_t row, std::size_t column) const {
  return column < columns(row) ? trimmed(rows_[row][column].text) : std::string_view{};
}

Mark Table::mark(std::size_t row, std::size_t column) const {
  const Cell& cell = column < columns(row) ? rows_[row][column] : rows_[row].back();
  Mark mark{file_, cell.line, cell.column};
  if (column >= columns(row)) mark.column = line_of(mark).size() + 1;
  return mark;
}

std::optional<std::size_t> Table::find(std::size_t row, std::string_view heading) const {
  for (std::size_t column = 0; column < columns(row); ++column) {
    if (cell(row, column) == heading) return column;
  }
  return std::nullopt;
}

std::vector<std::string> Table::headings(std::size_t row) const {
  std::vector<std::string> list;
  for (std::size_t column = 0; column < columns(row); ++column) list.emplace_back(cell(row, column));
  return list;
}

}  // namespace traingrid

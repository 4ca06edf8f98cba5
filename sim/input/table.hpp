// Tables of comma-separated values (RFC 4180), with the place of every cell.
#pragma once

#include "input/source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Problems;

/// Lines of cells. Blank lines are left out; quotes may hold commas and line ends, and "" stands for one of them.
class Table {
 public:
  /// A quote that is never closed is a problem; what is before it is kept.
  static Table parse(const std::shared_ptr<const SourceFile>& file, Problems& problems);

  std::size_t rows() const { return rows_.size(); }
  std::size_t columns(std::size_t row) const { return rows_[row].size(); }
  /// Without blanks around it; empty where the row has no such column.
  std::string_view cell(std::size_t row, std::size_t column) const;
  /// The place of a cell, or of the end of its row where there is none.
  Mark mark(std::size_t row, std::size_t column) const;
  /// The column of a heading in a row.
  std::optional<std::size_t> find(std::size_t row, std::string_view heading) const;
  std::vector<std::string> headings(std::size_t row) const;

 private:
  struct Cell {
    std::string text;
    std::size_t line, column;
  };

  std::shared_ptr<const SourceFile> file_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace traingrid

// Columns of hourly CSV files: of a named publisher, or any that the description points out.
#pragma once

#include "facility/hourly_rows.hpp"
#include "input/fields.hpp"
#include "input/table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Inputs;

/// A column of a CSV file with a time in every row: UTC, unless the time states its zone or `utc_offset` says
/// otherwise.
struct CsvColumn {
  std::string path;           ///< from the description that names it
  std::string time = "time";  ///< heading of the times
  std::string column;         ///< heading of the values
  std::string unit;           ///< of the values
  Seconds utc_offset;         ///< of the times
  bool wrap = false;          ///< the hours stand for the same days of other years
  double scale = 1;           ///< all values times this

  void describe(Fields& fields);
};

/// The rows below the heading, with the columns of these headings; a column that is not there, times that are none and
/// cells that are no numbers are problems. Empty cells are missing values.
std::vector<HourlyRow> read_csv_rows(const std::shared_ptr<const SourceFile>& file, std::string_view time,
                                     const std::vector<std::string>& headings, Seconds utc_offset, Problems& problems);

/// A column with a unit, hour by hour in SI units.
struct CsvSeries {
  HourAxis axis;
  std::vector<double> values;
  std::string path;
  Mark from{};
  std::vector<std::string> notes;
};
/// Empty, with problems, if something is wrong with it. `path` is that of the column within what was read.
CsvSeries read_csv_series(const CsvColumn& column, Dimension dimension, Inputs& inputs, std::string_view document,
                          const std::string& path);

template <class Q>
Hourly<Q> hourly_of(const CsvSeries& series) {
  std::vector<Q> values;
  for (const double value : series.values) values.push_back(Q{value});
  return {series.axis, std::move(values), series.path, series.from};
}

}  // namespace traingrid

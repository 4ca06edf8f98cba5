#include "facility/hourly_csv.hpp"

#include "input/inputs.hpp"
#include "input/spelling.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <optional>

namespace traingrid {
namespace {

std::optional<std::size_t> column_of(const Table& table, std::string_view heading, Problems& problems) {
  const auto column = table.find(0, heading);
  if (!column) {
    problems.add(table.mark(0, 0), fmt::format("there is no column '{}'", heading),
                 suggestion(std::string(heading), table.headings(0), "columns"));
  }
  return column;
}

std::optional<double> value_at(const Table& table, std::size_t row, std::size_t column, Problems& problems) {
  const std::string_view text = table.cell(row, column);
  if (text.empty()) return std::nullopt;
  const auto number = parse_number(text);
  if (!number) {
    problems.add(table.mark(row, column), fmt::format("'{}' must be a number, not '{}'", table.cell(0, column), text),
                 "leave the cell empty if there is no value");
  }
  return number;
}

}  // namespace

void CsvColumn::describe(Fields& fields) {
  fields.required("path", path, "a CSV file with a row per hour, from this description");
  fields.optional("time", time, "heading of the column of times, such as 2023-01-01T05:00");
  fields.required("column", column, "heading of the column of values");
  fields.required("unit", unit, "unit of the values, such as g/kWh or USD/MWh");
  fields.optional("utc_offset", utc_offset, "how far the times are ahead of UTC, if they do not say so themselves");
  fields.optional("wrap", wrap, "whether the hours stand for the same days of other years");
  fields.optional("scale", scale, "all values times this; an interval says how far they may be off together", positive);
}

std::vector<HourlyRow> read_csv_rows(const std::shared_ptr<const SourceFile>& file, std::string_view time,
                                     const std::vector<std::string>& headings, Seconds utc_offset, Problems& problems) {
  std::vector<HourlyRow> rows;
  const Table table = Table::parse(file, problems);
  if (table.rows() < 2) {
    problems.add({file}, "holds no hours", "it needs a heading and a row per hour");
    return rows;
  }
  const auto times = column_of(table, time, problems);
  std::vector<std::size_t> columns;
  for (const std::string& heading : headings) {
    if (const auto column = column_of(table, heading, problems)) columns.push_back(*column);
  }
  if (!times || columns.size() < headings.size()) return rows;
  for (std::size_t r = 1; r < table.rows(); ++r) {
    const auto instant = parse_instant(table.cell(r, *times), utc_offset);
    if (!instant) {
      problems.add(table.mark(r, *times), fmt::format("'{}' is not a time", table.cell(r, *times)),
                   "write it as 2023-01-01T05:00 or 2023-01-01 05:00:00+00:00");
    }
    HourlyRow row{.time = instant.value_or(Instant{}), .mark = table.mark(r, 0)};
    for (const std::size_t column : columns) row.values.push_back(value_at(table, r, column, problems));
    if (instant) rows.push_back(std::move(row));
  }
  return rows;
}

CsvSeries read_csv_series(const CsvColumn& column, Dimension dimension, Inputs& inputs, std::string_view document,
                          const std::string& path) {
  CsvSeries series{.path = column.path, .from = inputs.mark_of(document, path + ".path")};
  Problems& problems = inputs.problems();
  const std::size_t before = problems.size();
  const auto unit = parse_unit(column.unit);
  if (!unit || unit->dimension != dimension) {
    problems.add(inputs.mark_of(document, path + ".unit"), fmt::format("unit '{}' does not fit here", column.unit),
                 "accepted units: " + accepted_units(dimension));
  }
  const auto file = inputs.open_text(column.path, series.from);
  if (!file) return series;
  const auto rows = read_csv_rows(file, column.time, {column.column}, column.utc_offset, problems);
  if (problems.size() > before) return series;
  RegularHours hours = regular_hours(rows, file->path, problems);
  if (problems.size() > before) return series;
  for (const auto& row : hours.rows) series.values.push_back(row.front() * unit->scale * column.scale);
  series.axis = {.typical = false, .start = hours.start, .count = series.values.size(), .wraps = column.wrap};
  series.notes = std::move(hours.notes);
  return series;
}

}  // namespace traingrid

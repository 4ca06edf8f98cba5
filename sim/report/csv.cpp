// The result for spreadsheets (RFC 4180, with plain newlines): the same columns for every run, so that rows of many
// runs can be stacked. A cell is empty where a field does not apply.
#include "report/columns.hpp"
#include "report/writers.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

std::string quote_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string cell(std::monostate) { return ""; }
std::string cell(bool value) { return value ? "true" : "false"; }
std::string cell(std::int64_t value) { return fmt::format("{}", value); }
std::string cell(double value) { return fmt::format("{}", value); }
std::string cell(const std::string& value) { return quote_cell(value); }

void append(std::string& line, std::string_view text) {
  if (!line.empty()) line += ',';
  line += text;
}

/// Of every figure, known exactly or not, so that rows of runs with intervals can be stacked too.
void add_intervals(const Result& result, std::string& heading, std::string& row) {
  for (const Column& column : columns()) {
    if (!column.is_figure()) continue;
    const Interval* interval = interval_of(result, column);
    const auto add = [&](std::string_view name, double Interval::*percentile) {
      append(heading, fmt::format("intervals.{}.{}", column.path, name));
      row += ',' + (interval ? cell(interval->*percentile) : "");
    };
    add("p5", &Interval::p5);
    add("p50", &Interval::p50);
    add("p95", &Interval::p95);
  }
}

}  // namespace

std::string write_csv(const Result& result) {
  std::string heading, row;
  for (const Column& column : columns()) {
    append(heading, column.path);
    append(row, std::visit([](const auto& value) { return cell(value); }, column.value(result)));
  }
  for (const Column& column : columns()) {
    if (!column.is_figure()) continue;
    const PublishedFigure* published = published_figure(result, column);
    append(heading, fmt::format("published.{}", column.path));
    append(row, published ? cell(published->value) : "");
  }
  if (!result.intervals.empty()) add_intervals(result, heading, row);
  return heading + '\n' + row + '\n';
}

}  // namespace traingrid

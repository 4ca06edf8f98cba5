// Every field of a result, declared once: its place in the JSON, its title and unit for people, and how to read it.
// The JSON, CSV, Markdown, LaTeX and table writers and the column of published figures all walk this list.
#pragma once

#include "study/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace traingrid {

/// What a field holds; std::monostate where it does not apply to this result.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A field of the result.
struct Column {
  std::string_view path;   ///< "step.time_s": keys of the JSON and heading of the CSV; the unit is its last part
  std::string_view title;  ///< for people; empty for the facts that say what was run, which are no figures
  std::string_view unit;   ///< for people
  std::string_view whole;  ///< the path of the figure that this one is a part of, else empty
  Value (*value)(const Result& result);

  std::string_view group() const { return path.substr(0, path.find('.')); }
  bool is_figure() const { return !title.empty(); }
};

/// All fields, in the order of the JSON; parts that belong together are neighbours.
std::span<const Column> columns();

/// The column of that path, or null. Writers leave out published figures whose name no column has: check them first.
const Column* find_column(std::string_view path);

/// The figure published for the column, or null.
const PublishedFigure* published_figure(const Result& result, const Column& column);

/// The interval of the column, or null.
const Interval* interval_of(const Result& result, const Column& column);

/// The number in a value, if it holds one.
std::optional<double> number(const Value& value);

}  // namespace traingrid

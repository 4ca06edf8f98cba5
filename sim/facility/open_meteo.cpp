// Open-Meteo's archive: https://open-meteo.com/en/docs/historical-weather-api. Times are local with one offset for the
// whole file, `utc_offset_seconds`; a value holds for the hour that begins then.
#include "facility/weather_file.hpp"
#include "input/node.hpp"
#include "input/table.hpp"
#include "input/yaml.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

/// A variable of the archive, in the unit that it must have, and what turns it into ours.
struct Variable {
  std::string_view name, unit;
  double scale;
  bool required;
};
constexpr std::array<Variable, kWeatherColumns> kVariables{Variable{"temperature_2m", "°C", 1, true},
                                                           Variable{"relative_humidity_2m", "%", 0.01, true},
                                                           Variable{"surface_pressure", "hPa", 100, false}};

/// A cell of either form: what it says and where.
struct Said {
  std::string text;
  Mark mark{};
};

std::optional<double> value_of(const Said& said, const Variable& variable, Problems& problems) {
  if (said.text.empty() || said.text == "null" || said.text == "NaN") return std::nullopt;
  if (const auto number = parse_number(said.text)) return *number * variable.scale;
  problems.add(said.mark, fmt::format("'{}' must be a number, not '{}'", variable.name, said.text));
  return std::nullopt;
}

void refuse_unit(const Said& unit, const Variable& variable, Problems& problems) {
  problems.add(unit.mark, fmt::format("'{}' is in '{}'", variable.name, unit.text),
               fmt::format("fetch it in {}", variable.unit));
}

std::optional<Instant> time_of(const Said& said, Seconds offset, Problems& problems) {
  const auto time = parse_instant(said.text, offset);
  if (!time) {
    problems.add(said.mark, fmt::format("'{}' is not a time", said.text), "it is written as 2023-01-01T05:00");
  }
  return time;
}

// JSON: lists beside each other, read as the YAML that it is, which knows the place of every value.

Said said_at(const Node& node, std::string_view key) {
  const Entry* entry = node.find(key);
  return entry == nullptr ? Said{"", node.mark} : Said{entry->value.text, entry->value.mark};
}

double number_at(const Node& node, std::string_view key, Problems& problems) {
  const Said said = said_at(node, key);
  const auto number = parse_number(said.text);
  if (!number) {
    problems.add(said.mark, fmt::format("'{}' must be a number", key), "keep the whole answer of Open-Meteo");
  }
  return number.value_or(0);
}

const Node* list_at(const Node& hourly, std::string_view name, Problems& problems) {
  const Entry* entry = hourly.find(name);
  if (entry != nullptr && entry->value.is_list()) return &entry->value;
  problems.add(hourly.mark, fmt::format("there is no hourly '{}'", name), "fetch it from Open-Meteo too");
  return nullptr;
}

WeatherRows read_json(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  WeatherRows weather;
  const Node root = parse_yaml(file, problems);
  if (!root.is_mapping()) return weather;
  const Entry* hourly = root.find("hourly");
  if (hourly == nullptr || !hourly->value.is_mapping()) {
    problems.add(root.mark, "there is no mapping 'hourly'", "is this the answer of Open-Meteo?");
    return weather;
  }
  weather.utc_offset = number_at(root, "utc_offset_seconds", problems) * second;
  weather.elevation_m = number_at(root, "elevation", problems);
  const Node* times = list_at(hourly->value, "time", problems);
  std::array<const Node*, kWeatherColumns> lists{};
  for (std::size_t v = 0; v < kVariables.size(); ++v) {
    const Variable& variable = kVariables[v];
    if (variable.required || hourly->value.find(variable.name) != nullptr)
      lists[v] = list_at(hourly->value, variable.name, problems);
    const Entry* units = root.find("hourly_units");
    const Said unit = units == nullptr ? Said{} : said_at(units->value, variable.name);
    if (lists[v] != nullptr && !unit.text.empty() && unit.text != variable.unit) refuse_unit(unit, variable, problems);
  }
  for (std::size_t i = 0; times != nullptr && i < times->items.size(); ++i) {
    const Said said{times->items[i].text, times->items[i].mark};
    HourlyRow row{.mark = said.mark};
    for (std::size_t v = 0; v < kVariables.size(); ++v) {
      const bool there = lists[v] != nullptr && i < lists[v]->items.size();
      row.values.push_back(there ? value_of({lists[v]->items[i].text, lists[v]->items[i].mark}, kVariables[v], problems)
                                 : std::nullopt);
    }
    const auto time = time_of(said, weather.utc_offset, problems);
    row.time = time.value_or(Instant{});
    if (time) weather.rows.push_back(std::move(row));
  }
  return weather;
}

// CSV: a heading and a line about the place, then a heading and a line per hour.

/// The column headed "temperature_2m (°C)"; a problem if it is not there or in another unit.
std::optional<std::size_t> column_of(const Table& table, std::size_t row, const Variable& variable,
                                     Problems& problems) {
  for (std::size_t column = 0; column < table.columns(row); ++column) {
    const std::string heading(table.cell(row, column));
    if (!heading.starts_with(variable.name)) continue;
    const std::string unit = fmt::format("({})", variable.unit);
    if (!heading.ends_with(unit)) refuse_unit({heading, table.mark(row, column)}, variable, problems);
    return column;
  }
  if (variable.required) {
    problems.add(table.mark(row, 0), fmt::format("there is no column '{} ({})'", variable.name, variable.unit),
                 "fetch it from Open-Meteo too");
  }
  return std::nullopt;
}

WeatherRows read_csv(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  WeatherRows weather;
  const Table table = Table::parse(file, problems);
  constexpr std::size_t kPlace = 1, kHeading = 2;
  const auto offset = table.rows() > kHeading ? table.find(0, "utc_offset_seconds") : std::nullopt;
  const auto elevation = table.rows() > kHeading ? table.find(0, "elevation") : std::nullopt;
  if (!offset || !elevation) {
    problems.add({file}, "the first line must name 'elevation' and 'utc_offset_seconds'",
                 "keep the whole answer of Open-Meteo");
    return weather;
  }
  const auto about = [&](std::size_t column, const char* name) {
    const auto number = parse_number(table.cell(kPlace, column));
    if (!number) problems.add(table.mark(kPlace, column), fmt::format("'{}' must be a number", name));
    return number.value_or(0);
  };
  weather.utc_offset = about(*offset, "utc_offset_seconds") * second;
  weather.elevation_m = about(*elevation, "elevation");
  std::array<std::optional<std::size_t>, kWeatherColumns> columns;
  for (std::size_t v = 0; v < kVariables.size(); ++v) columns[v] = column_of(table, kHeading, kVariables[v], problems);
  for (std::size_t r = kHeading + 1; r < table.rows(); ++r) {
    HourlyRow row{.mark = table.mark(r, 0)};
    for (std::size_t v = 0; v < kVariables.size(); ++v) {
      row.values.push_back(columns[v] ? value_of({std::string(table.cell(r, *columns[v])), table.mark(r, *columns[v])},
                                                 kVariables[v], problems)
                                      : std::nullopt);
    }
    const auto time = time_of({std::string(table.cell(r, 0)), row.mark}, weather.utc_offset, problems);
    row.time = time.value_or(Instant{});
    if (time) weather.rows.push_back(std::move(row));
  }
  return weather;
}

/// Pressure is optional: where no row has one, it follows from the elevation.
void default_pressure(WeatherRows& weather) {
  const bool none =
      std::ranges::none_of(weather.rows, [](const HourlyRow& row) { return row.values[kPressurePa].has_value(); });
  if (!none) return;
  for (HourlyRow& row : weather.rows) row.values[kPressurePa] = pressure_at(weather.elevation_m) / pascal;
}

}  // namespace

WeatherRows read_open_meteo(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  const std::size_t first = file->bytes.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && file->bytes[first] == '{';
  WeatherRows weather = json ? read_json(file, problems) : read_csv(file, problems);
  default_pressure(weather);
  return weather;
}

}  // namespace traingrid

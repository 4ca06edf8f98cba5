// EnergyPlus weather files: https://designbuilder.co.uk/cahelp/Content/EnergyPlusWeatherFileFormat.htm lists the
// columns and the codes of missing values.
#include "facility/weather_file.hpp"
#include "input/table.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

constexpr std::size_t kHeadingLines = 8;

/// A column of the data lines, and from which value on it says that there is none.
struct EpwColumn {
  std::string_view name;
  std::size_t index;
  double missing, scale;
};
constexpr EpwColumn kMonth{"month", 1, 100, 1}, kDay{"day", 2, 100, 1}, kHour{"hour", 3, 100, 1};
constexpr std::array<EpwColumn, kWeatherColumns> kColumns{EpwColumn{"dry bulb", 6, 99.9, 1},
                                                          EpwColumn{"relative humidity", 8, 999, 0.01},
                                                          EpwColumn{"pressure", 9, 999'999, 1}};

/// The number of a cell; nothing, and a problem, if it is none.
std::optional<double> number_at(const Table& table, std::size_t row, std::size_t column, std::string_view name,
                                Problems& problems) {
  const auto number = parse_number(table.cell(row, column));
  if (!number) {
    problems.add(table.mark(row, column),
                 fmt::format("the {} must be a number, not '{}'", name, table.cell(row, column)));
  }
  return number;
}

void read_location(const Table& table, WeatherRows& weather, Problems& problems) {
  constexpr std::size_t kOffset = 8, kElevation = 9;
  if (table.cell(0, 0) != "LOCATION") {
    return problems.add(table.mark(0, 0), "an EPW file begins with 'LOCATION'", "state the format of the file");
  }
  weather.utc_offset = number_at(table, 0, kOffset, "time zone", problems).value_or(0) * hour;
  weather.elevation_m = number_at(table, 0, kElevation, "elevation", problems).value_or(0);
}

/// How many hours of a common year lie before a row.
std::optional<double> hour_of(const Table& table, std::size_t row, Problems& problems) {
  constexpr int kCommonYear = 2001;
  const auto whole = [&](const EpwColumn& column) {
    return static_cast<unsigned>(number_at(table, row, column.index, column.name, problems).value_or(0));
  };
  const unsigned month = whole(kMonth), of_month = whole(kDay), of_day = whole(kHour);
  if (month == 2 && of_month == 29) return std::nullopt;  // a common year has none
  const std::chrono::year_month_day date{std::chrono::year{kCommonYear}, std::chrono::month{month},
                                         std::chrono::day{of_month}};
  if (!date.ok() || of_day < 1 || of_day > 24) {
    problems.add(table.mark(row, kMonth.index),
                 fmt::format("month {}, day {}, hour {} is no hour of a common year", month, of_month, of_day),
                 "hours count from 1 to 24");
    return std::nullopt;
  }
  return 24.0 * day_of_common_year(Date{date}) + of_day - 1;
}

}  // namespace

WeatherRows read_epw(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  WeatherRows weather{.typical = true};
  const Table table = Table::parse(file, problems);
  const std::size_t before = problems.size();
  if (table.rows() > 0) read_location(table, weather, problems);
  if (problems.size() > before) return weather;
  for (std::size_t row = kHeadingLines; row < table.rows(); ++row) {
    const auto hours = hour_of(table, row, problems);
    HourlyRow data{.time = Instant{} + hours.value_or(0) * hour, .mark = table.mark(row, 0)};
    for (const EpwColumn& column : kColumns) {
      const auto value = number_at(table, row, column.index, column.name, problems);
      const bool there = value && *value < column.missing;
      data.values.push_back(there ? std::optional{*value * column.scale} : std::nullopt);
    }
    if (hours) weather.rows.push_back(std::move(data));
  }
  return weather;
}

}  // namespace traingrid

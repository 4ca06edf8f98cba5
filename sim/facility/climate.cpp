#include "facility/climate.hpp"

#include "facility/weather_file.hpp"
#include "input/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace traingrid {
namespace {

constexpr std::size_t kMonths = 12, kHoursOfDay = 24, kHoursOfYear = 8'760;

std::vector<Air> air_of_typical_days(const Climate& climate) {
  const auto dry = year_of(climate.dry_bulb_c), wet = year_of(climate.wet_bulb_c);
  std::vector<Air> hours;
  for (std::size_t h = 0; h < dry.size(); ++h) {
    hours.push_back(air_of_wet_bulb({dry[h]}, {wet[h]}, pressure_at(climate.elevation_m)));
  }
  return hours;
}

/// Temperatures and humidities that no place on Earth has.
void check_values(const std::vector<HourlyRow>& rows, Problems& problems) {
  constexpr double kColdestC = -90, kHottestC = 60, kMostHumid = 1.1, kLowestPa = 40'000, kHighestPa = 110'000;
  const auto outside = [](std::optional<double> value, double low, double high) {
    return value && (*value < low || *value > high);
  };
  for (const HourlyRow& row : rows) {
    if (outside(row.values[kDryBulbC], kColdestC, kHottestC))
      problems.add(row.mark, fmt::format("a dry bulb of {:.1f} °C is none of this Earth", *row.values[kDryBulbC]));
    if (outside(row.values[kRelativeHumidity], 0, kMostHumid))
      problems.add(row.mark, fmt::format("a relative humidity of {:.0f} %", 100 * *row.values[kRelativeHumidity]),
                   "it lies between 0 and 100 %");
    if (outside(row.values[kPressurePa], kLowestPa, kHighestPa))
      problems.add(row.mark,
                   fmt::format("an air pressure of {:.0f} Pa is none of this Earth", *row.values[kPressurePa]));
  }
}

void load_file(Climate& climate, Inputs& inputs, const Mark& from) {
  const auto file = inputs.open_text(climate.file->path, from);
  if (!file) return;
  Problems& problems = inputs.problems();
  const std::size_t before = problems.size();
  const auto reader = std::ranges::find(kWeatherReaders, climate.file->format, &WeatherReader::format);
  const WeatherRows weather = reader->read(file, problems);
  if (weather.rows.empty() && problems.size() == before) problems.add({file}, "holds no hours of weather");
  check_values(weather.rows, problems);
  if (problems.size() > before) return;
  RegularHours hours = regular_hours(weather.rows, file->path, problems);
  if (weather.typical && hours.rows.size() != kHoursOfYear && problems.size() == before) {
    problems.add({file}, fmt::format("holds {} hours of weather, and a year has {}", hours.rows.size(), kHoursOfYear),
                 "complete the file");
  }
  if (problems.size() > before) return;
  std::vector<Air> air;
  for (const auto& row : hours.rows) {
    const double relative = std::min(1.0, row[kRelativeHumidity]);
    air.push_back(air_of_humidity({row[kDryBulbC]}, relative, row[kPressurePa] * pascal, climate.wet_bulb_by));
  }
  const HourAxis axis{.typical = weather.typical,
                      .utc_offset = weather.utc_offset,
                      .start = hours.start,
                      .count = air.size(),
                      .wraps = climate.file->wrap};
  climate.air = {axis, std::move(air), file->path, from};
  climate.notes.insert(climate.notes.end(), hours.notes.begin(), hours.notes.end());
}

}  // namespace

void WeatherFile::describe(Fields& fields) {
  fields.required("path", path, "a file of hourly weather, from this description");
  fields.optional("format", format, "who wrote the file: EnergyPlus weather or Open-Meteo's archive");
  fields.optional("wrap", wrap, "whether the hours of a dated file stand for the same days of other years");
}

bool is_typical_days(const TypicalDays& days) {
  return days.size() == kMonths &&
         std::ranges::all_of(days, [](const auto& hours) { return hours.size() == kHoursOfDay; });
}

std::vector<double> year_of(const TypicalDays& days) {
  constexpr std::array<int, kMonths> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::vector<double> hours;
  for (std::size_t month = 0; month < kMonths; ++month) {
    for (int of_month = 0; of_month < kDays[month]; ++of_month)
      hours.insert(hours.end(), days[month].begin(), days[month].end());
  }
  return hours;
}

void Climate::describe(Fields& fields) {
  fields.optional("name", name, "which weather this is, in words");
  fields.optional("elevation_m", elevation_m, "height above the sea in metres, which gives the air pressure");
  fields.optional("utc_offset", utc_offset, "how far local standard time is ahead of UTC; negative in the Americas");
  fields.optional("dry_bulb", dry_bulb, "one temperature of the air for all hours");
  fields.optional("wet_bulb", wet_bulb, "one wet-bulb temperature for all hours");
  fields.optional("dry_bulb_c", dry_bulb_c, "mean temperatures in °C by month and by hour of local standard time");
  fields.optional("wet_bulb_c", wet_bulb_c, "mean wet-bulb temperatures in °C, likewise");
  fields.optional("file", file, "a file of hourly weather");
  fields.optional("wet_bulb_by", wet_bulb_by, "how wet bulbs follow from a file's humidity: by iteration, or by Stull");
  const int stated = (dry_bulb ? 1 : 0) + (dry_bulb_c.empty() ? 0 : 1) + (file ? 1 : 0);
  fields.check(stated == 0 ? "name" : "dry_bulb", stated == 1,
               "weather is stated in one of three ways: 'dry_bulb' and 'wet_bulb', 'dry_bulb_c' and 'wet_bulb_c', or "
               "'file'");
  fields.check("dry_bulb", dry_bulb.has_value() == wet_bulb.has_value(),
               "'dry_bulb' and 'wet_bulb' are stated together");
  fields.check("wet_bulb", !dry_bulb || !wet_bulb || *wet_bulb <= *dry_bulb, "a wet bulb is at most the dry bulb");
  const bool tables = is_typical_days(dry_bulb_c) && is_typical_days(wet_bulb_c);
  fields.check("dry_bulb_c", dry_bulb_c.empty() || tables,
               "'dry_bulb_c' and 'wet_bulb_c' are 12 lists of 24 temperatures each");
  for (std::size_t m = 0; tables && m < kMonths; ++m) {
    const bool below = std::ranges::equal(wet_bulb_c[m], dry_bulb_c[m], std::ranges::less_equal{});
    fields.check("wet_bulb_c", below, "a wet bulb is at most the dry bulb of its hour");
  }
}

void load_climate(Climate& climate, Inputs& inputs, std::string_view document, const std::string& path) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (climate.dry_bulb && climate.wet_bulb)
    climate.air = Hourly<Air>(air_of_wet_bulb(*climate.dry_bulb, *climate.wet_bulb, pressure_at(climate.elevation_m)));
  else if (is_typical_days(climate.dry_bulb_c) && is_typical_days(climate.wet_bulb_c))
    climate.air = {HourAxis{.utc_offset = climate.utc_offset}, air_of_typical_days(climate), climate.name, {}};
  else if (climate.file)
    load_file(climate, inputs, inputs.mark_of(document, prefix + "file.path"));
}

}  // namespace traingrid

// The outside air of a site: constant, a typical year of 12 typical days, or the hours of a weather file.
#pragma once

#include "facility/hourly.hpp"
#include "facility/psychrometrics.hpp"
#include "input/fields.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Inputs;

enum class WeatherFormat { epw, open_meteo };
template <>
struct Spellings<WeatherFormat> {
  static constexpr std::array<std::string_view, 2> names{"epw", "open-meteo"};
};
template <>
struct Spellings<WetBulb> {
  static constexpr std::array<std::string_view, 2> names{"iterative", "stull"};
};

/// A file of hourly weather, as it was published.
struct WeatherFile {
  std::string path;  ///< from the description that names it
  WeatherFormat format = WeatherFormat::epw;
  bool wrap = false;  ///< a dated file stands for the same days of other years

  void describe(Fields& fields);
};

/// Temperatures of an average day of each month in °C, by hour of local standard time: 12 × 24.
using TypicalDays = std::vector<std::vector<double>>;
bool is_typical_days(const TypicalDays& days);
/// Each day of a year of 365 as the typical day of its month: 8,760 hours.
std::vector<double> year_of(const TypicalDays& days);

/// What `platforms/climates/*.yaml` holds. One of the constants, the typical days and the file is stated.
struct Climate {
  std::string name;
  double elevation_m = 0;                         ///< gives the air pressure where no file does
  Seconds utc_offset;                             ///< of local standard time
  std::optional<Temperature> dry_bulb, wet_bulb;  ///< constants
  TypicalDays dry_bulb_c, wet_bulb_c;
  std::optional<WeatherFile> file;
  WetBulb wet_bulb_by = WetBulb::iterative;  ///< how wet bulbs follow from the humidity that a file states

  Hourly<Air> air;                 ///< filled by load_climate
  std::vector<std::string> notes;  ///< what a reader of the results should know, one sentence each

  void describe(Fields& fields);
};

/// Fills `air`, from the file if the climate names one; what is wrong becomes a problem of its line. `document` and
/// `path` are those of the climate within what was read: "site", "weather".
void load_climate(Climate& climate, Inputs& inputs, std::string_view document, const std::string& path);

}  // namespace traingrid

// Weather files by their formats, one file and one line of kWeatherReaders each. A reader turns rows into dry bulb in
// °C, relative humidity from 0 to 1 and pressure in Pa, with nothing where the file has nothing.
#pragma once

#include "facility/climate.hpp"
#include "facility/hourly_rows.hpp"

#include <array>
#include <memory>
#include <vector>

namespace traingrid {

/// The columns that every reader gives.
enum WeatherColumn : std::size_t { kDryBulbC, kRelativeHumidity, kPressurePa, kWeatherColumns };

/// A weather file before its gaps are filled.
struct WeatherRows {
  bool typical = false;  ///< the months come from different years; rows are in the order of a common year
  Seconds utc_offset;
  double elevation_m = 0;
  std::vector<HourlyRow> rows;
};

/// EnergyPlus weather, version 1: eight lines of heading, then a line per hour of local standard time, of which hour 1
/// is the one from 0:00 to 1:00.
WeatherRows read_epw(const std::shared_ptr<const SourceFile>& file, Problems& problems);

/// The answer of Open-Meteo's archive, JSON or CSV, with temperature_2m in °C and relative_humidity_2m in %.
WeatherRows read_open_meteo(const std::shared_ptr<const SourceFile>& file, Problems& problems);

struct WeatherReader {
  WeatherFormat format;
  WeatherRows (*read)(const std::shared_ptr<const SourceFile>& file, Problems& problems);
};
inline constexpr std::array kWeatherReaders{
    WeatherReader{WeatherFormat::epw, read_epw},
    WeatherReader{WeatherFormat::open_meteo, read_open_meteo},
};

}  // namespace traingrid

#include "facility/weather_file.hpp"
#include "catch.hpp"

#include <fmt/format.h>

using namespace traingrid;

namespace {

std::shared_ptr<const SourceFile> file_of(const std::string& name, const std::string& text) {
  return std::make_shared<SourceFile>(SourceFile{.path = name, .bytes = text});
}

std::string epw(const std::string& rows) {
  std::string text = "LOCATION,Town,VA,USA,TMY3,1,39.0,-77.5,-5.0,119.0\n";
  for (int i = 0; i < 7; ++i) text += "HEADING\n";
  return text + rows;
}

WeatherRows read(WeatherRows (*reader)(const std::shared_ptr<const SourceFile>&, Problems&), const std::string& name,
                 const std::string& text, std::string& said) {
  Problems problems;
  WeatherRows rows = reader(file_of(name, text), problems);
  said = problems.text();
  return rows;
}

constexpr const char* kJson = R"({"elevation": 23.0, "utc_offset_seconds": -14400,
 "hourly_units": {"time": "iso8601", "temperature_2m": "\u00b0C", "relative_humidity_2m": "%"},
 "hourly": {"time": ["2023-01-01T00:00", "2023-01-01T01:00"],
  "temperature_2m": [9.4, null], "relative_humidity_2m": [96, 95]}})";

}  // namespace

TEST_CASE("EPW rows hold the hour before their number, with codes of missing values taken as missing") {
  std::string said;
  const WeatherRows weather = read(read_epw, "a.epw",
                                   epw("1998,1,1,1,0,?,5.0,4.1,94,101400,0\n"
                                       "1998,1,1,2,0,?,99.9,99.9,999,999999,0\n"
                                       "1996,2,29,1,0,?,5.0,4.1,94,101400,0\n"
                                       "2001,12,31,24,0,?,-1.5,4.1,80,101400,0\n"),
                                   said);
  CHECK(said.empty());
  CHECK(weather.typical);
  CHECK(weather.utc_offset == -5 * hour);
  CHECK(weather.elevation_m == 119);
  REQUIRE(weather.rows.size() == 3);
  CHECK(weather.rows[0].time == Instant{});
  CHECK(*weather.rows[0].values[kDryBulbC] == 5);
  CHECK(*weather.rows[0].values[kRelativeHumidity] == Approx(0.94));
  CHECK(*weather.rows[0].values[kPressurePa] == 101400);
  CHECK(weather.rows[1].values == std::vector<std::optional<double>>(3));
  CHECK(weather.rows[2].time == Instant{} + 8759 * hour);
}

TEST_CASE("an EPW file that is none, and cells that are no numbers, are problems with their places") {
  std::string said;
  read(read_epw, "a.epw", "time,temperature\n", said);
  CHECK(said == "a.epw:1:1: an EPW file begins with 'LOCATION'; state the format of the file\n  time,temperature\n  ^");
  read(read_epw, "a.epw", epw("1998,1,1,1,0,?,cold,4.1,94,101400,0\n1998,13,1,1,0,?,5,4.1,94,101400,0\n"), said);
  CHECK(said ==
        "a.epw:9:16: the dry bulb must be a number, not 'cold'\n  1998,1,1,1,0,?,cold,4.1,94,101400,0\n"
        "                 ^\n"
        "a.epw:10:6: month 13, day 1, hour 1 is no hour of a common year; hours count from 1 to 24\n"
        "  1998,13,1,1,0,?,5,4.1,94,101400,0\n       ^");
}

TEST_CASE("Open-Meteo's JSON is in local time with one offset, and its pressure follows from the elevation") {
  std::string said;
  const WeatherRows weather = read(read_open_meteo, "w.json", kJson, said);
  CHECK(said.empty());
  CHECK_FALSE(weather.typical);
  REQUIRE(weather.rows.size() == 2);
  CHECK(weather.rows[0].time == *parse_instant("2023-01-01T04:00Z"));
  CHECK(*weather.rows[0].values[kRelativeHumidity] == Approx(0.96));
  CHECK(*weather.rows[0].values[kPressurePa] == Approx(pressure_at(23) / pascal));
  CHECK_FALSE(weather.rows[1].values[kDryBulbC]);
}

TEST_CASE("Open-Meteo's CSV says the same") {
  std::string said;
  const WeatherRows weather = read(read_open_meteo, "w.csv",
                                   "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
                                   "39.96,-75.17,23.0,-14400,America/New_York,GMT-4\n\n"
                                   "time,temperature_2m (°C),relative_humidity_2m (%),surface_pressure (hPa)\n"
                                   "2023-01-01T00:00,9.4,96,1001.5\n2023-01-01T01:00,,95,1001.0\n",
                                   said);
  CHECK(said.empty());
  REQUIRE(weather.rows.size() == 2);
  CHECK(weather.rows[0].time == *parse_instant("2023-01-01T04:00Z"));
  CHECK(*weather.rows[0].values[kPressurePa] == Approx(100150));
  CHECK_FALSE(weather.rows[1].values[kDryBulbC]);
}

TEST_CASE("wrong units, missing columns and cells that are no numbers of Open-Meteo's files are problems") {
  std::string said;
  const std::string heading = "elevation,utc_offset_seconds\n23,0\n";
  read(read_open_meteo, "w.csv", heading + "time,temperature_2m (°F)\nyesterday,48.9\n2023-01-01T00:00,mild\n", said);
  CHECK(said ==
        "w.csv:3:1: there is no column 'relative_humidity_2m (%)'; fetch it from Open-Meteo too\n"
        "  time,temperature_2m (°F)\n  ^\n"
        "w.csv:3:6: 'temperature_2m' is in 'temperature_2m (°F)'; fetch it in °C\n"
        "  time,temperature_2m (°F)\n       ^\n"
        "w.csv:4:1: 'yesterday' is not a time; it is written as 2023-01-01T05:00\n  yesterday,48.9\n  ^\n"
        "w.csv:5:18: 'temperature_2m' must be a number, not 'mild'\n  2023-01-01T00:00,mild\n                   ^");
  read(read_open_meteo, "w.json", R"({"hourly": {"time": []}, "elevation": 1})", said);
  CHECK(said.find("w.json:1:1: 'utc_offset_seconds' must be a number") == 0);
  CHECK(said.find("w.json:1:12: there is no hourly 'temperature_2m'") != std::string::npos);
  read(read_open_meteo, "w.csv", "time,temperature_2m (°C)\n", said);
  CHECK(said.find("w.csv:1:1: the first line must name 'elevation' and 'utc_offset_seconds'") == 0);
}

#include "catch.hpp"
#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/water.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr Watts kDesign = 10 * megawatt;

struct Year {
  double pue, wue, free;
};

Year year_at(const Site& site) {
  const EnergyResult energy = energy_of(flat(kDesign, 8760 * hour), site, midnight(*parse_date("2023-01-01")));
  const WaterResult water = water_of(energy, site);
  return {energy.pue, *water.wue / (litre / kilowatt_hour), *energy.free_cooling};
}

struct Expected {
  const char* climate;
  const char* file;
  Year chilled, direct, outside;
  double li2023;
};

/// Of an independent implementation with the same constants, on the files themselves.
const std::vector<Expected> kFiles{
    {"leesburg",
     "USA_VA_Leesburg.Exec_TMYx.epw",
     {1.2324, 1.573, 0.381},
     {1.1062, 0.275, 0},
     {1.1158, 0.044, 0},
     2.965},
    {"chicago",
     "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw",
     {1.2190, 1.453, 0.463},
     {1.1007, 0.246, 0},
     {1.1077, 0.015, 0},
     2.461},
    {"tucson",
     "USA_AZ_Davis-Monthan.AFB.722745_TMY3.epw",
     {1.2390, 2.092, 0.178},
     {1.1020, 0.506, 0},
     {1.0977, 0.326, 0},
     3.255},
    {"port-angeles",
     "USA_WA_Port.Angeles-William.R.Fairchild.Intl.AP.727885_TMY3.epw",
     {1.2002, 1.354, 0.429},
     {1.0897, 0.209, 0},
     {1.0975, 0.000, 0},
     2.638},
    {"philadelphia",
     "openmeteo_US-MIDA-PJM_2023.json",
     {1.2299, 1.585, 0.346},
     {1.1029, 0.277, 0},
     {1.1117, 0.038, 0},
     2.998},
    {"frankfurt", "openmeteo_DE-LU_2023.json", {1.2225, 1.493, 0.312}, {1.0963, 0.246, 0}, {1.0979, 0.011, 0}, 2.864},
    {"singapore", "openmeteo_SG_2023.json", {1.3168, 1.896, 0}, {1.1445, 0.345, 0}, {1.3515, 0.005, 0}, 5.553},
};

std::string weather_file(const std::filesystem::path& data, const std::string& name) {
  const bool epw = name.ends_with(".epw");
  return fmt::format("{{file: {{path: \"{}\", format: {}, wrap: true}}}}", (data / "weather" / name).string(),
                     epw ? "epw" : "open-meteo");
}

void compare(const Year& year, const Year& expected, double tolerance) {
  CHECK(year.pue == Approx(expected.pue).epsilon(tolerance));
  // Rounded to a litre per MWh in the reference.
  CHECK(year.wue == Approx(expected.wue).epsilon(tolerance).margin(0.0005));
}

}  // namespace

TEST_CASE("a year's PUE and WUE at full load are those of an independent implementation, for weather files") {
  const auto data = data_folder();
  if (data.empty()) return;
  for (const Expected& row : kFiles) {
    INFO(row.climate);
    const std::string weather = weather_file(data, row.file);
    const Year chilled = year_at(site_of(weather, "chilled-water"));
    compare(chilled, row.chilled, 0.005);
    CHECK(chilled.free == Approx(row.chilled.free).margin(0.002));
    compare(year_at(site_of(weather, "direct-to-chip")), row.direct, 0.005);
    compare(year_at(site_of(weather, "outside-air")), row.outside, 0.005);
    CHECK(year_at(site_of(weather, "chilled-water-li2023")).wue == Approx(row.li2023).epsilon(0.005));
  }
}

TEST_CASE("typical years give almost the PUE and WUE of the years they were made from") {
  for (const Expected& row : kFiles) {
    INFO(row.climate);
    compare(year_at(site_of(row.climate, "chilled-water")), row.chilled, 0.02);
    CHECK(year_at(site_of(row.climate, "direct-to-chip")).pue == Approx(row.direct.pue).epsilon(0.01));
    CHECK(year_at(site_of(row.climate, "chilled-water-li2023")).wue == Approx(row.li2023).epsilon(0.03));
  }
}

TEST_CASE("10 MW in Philadelphia on PJM for a year: 107,741 MWh, PUE 1.22992, 34,716 t and 138,829 m3") {
  const auto data = data_folder();
  if (data.empty()) return;
  const auto grid = [&](const char* factors) {
    return fmt::format("{{file: {{path: \"{}\", wrap: true}}, factors: {}}}",
                       (data / "carbon/electricitymaps_US-MIDA-PJM_2023_hourly.csv").string(), factors);
  };
  const std::string weather = weather_file(data, "openmeteo_US-MIDA-PJM_2023.json");
  const Site site = site_of(weather, "chilled-water", grid("direct"));
  const EnergyResult energy = energy_of(flat(kDesign, 8760 * hour), site, midnight(*parse_date("2023-01-01")));
  CHECK(energy.facility / megawatt_hour == Approx(107'740.9).epsilon(2e-6));
  CHECK(energy.pue == Approx(1.22992).epsilon(5e-6));
  CHECK(energy.peak_facility / megawatt == Approx(13.19).epsilon(5e-4));
  CHECK(carbon_of(energy, site, std::nullopt).location / tonne == Approx(34'716).epsilon(2e-5));
  CHECK(*water_of(energy, site).onsite / cubic_metre == Approx(138'829).epsilon(5e-6));
  CarbonIntensity mean;
  for (const CarbonIntensity& hour_of_grid : site.grid.carbon().values()) mean += hour_of_grid / 8760;
  CHECK(energy.facility * mean / tonne == Approx(34'673).epsilon(2e-5));
  const Site lifecycle = site_of(weather, "chilled-water", grid("lifecycle"));
  CHECK(carbon_of(energy, lifecycle, std::nullopt).location / tonne == Approx(42'332).epsilon(2e-5));
}

TEST_CASE("liquid at the chips saves 20 to 30 % of the electricity of chilled air, server fans counted") {
  // A node of eight H100 with 1,400 W of fans in 9,400 W, which liquid makes needless for its share of the heat.
  constexpr double kFans = 1'400.0 / 9'400.0;
  for (const char* climate : {"leesburg", "chicago", "tucson", "philadelphia", "frankfurt", "singapore"}) {
    INFO(climate);
    const Site chilled = site_of(climate, "chilled-water"), direct = site_of(climate, "direct-to-chip");
    const double fans_left = kFans * (1 - direct.cooling->direct_to_chip->liquid_fraction);
    const double saved = 1 - year_at(direct).pue * (1 - kFans + fans_left) / year_at(chilled).pue;
    CHECK(saved > 0.20);
    CHECK(saved < 0.30);
  }
}

TEST_CASE("what a site with a plant takes is the sum of its parts, and more than its IT, at any load") {
  const double share = GENERATE(0.2, 0.6, 1.0);
  Site site = site_of("tucson", GENERATE("chilled-water", "direct-to-chip", "outside-air"));
  site.design_power = kDesign;
  const EnergyResult energy = energy_of(flat(share * kDesign, 30 * day), site, midnight(*parse_date("2024-02-15")));
  CHECK((energy.it + energy.conversion + energy.cooling + energy.other) / energy.facility == Approx(1));
  CHECK(energy.pue > 1);
  CHECK(energy.peak_facility * (30 * day) >= energy.facility * (1 - 1e-9));
  Joules metered;
  for (const Reading& reading : energy.readings) metered += reading.facility * reading.duration;
  CHECK(metered / energy.facility == Approx(1));
}

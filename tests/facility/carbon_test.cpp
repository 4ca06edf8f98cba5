#include "facility/carbon.hpp"

#include "catch.hpp"
#include "facility/bill.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr CarbonIntensity kGramPerKwh = 1e-3 * (kilogram / kilowatt_hour);
constexpr EnergyPrice kPerMwh = dollar / megawatt_hour;

/// Ten hours at 1 MW on a grid of 400 g/kWh.
struct Case {
  Site site{.pue = 1, .grid = {.intensity = 400 * kGramPerKwh}};
  EnergyResult energy() const {
    return energy_of(flat(1 * megawatt, 24 * hour), site, midnight(*parse_date("2023-06-21")));
  }
  CarbonResult carbon() const { return carbon_of(energy(), site, std::nullopt); }
};

Contract contract(Watts power) { return {.name = "plant", .power = power, .intensity = 12 * kGramPerKwh}; }

Contract sun(Watts power) {
  Contract solar = contract(power);
  TypicalDays days(12, std::vector<double>(24, 0));
  for (auto& of_month : days) std::fill(of_month.begin() + 6, of_month.begin() + 18, 1);
  solar.profile = Profile{.name = "half of the day", .share = days};
  return solar;
}

}  // namespace

TEST_CASE("a plant that runs at all hours covers its part of the energy, by the hour and over the run") {
  Case half;
  half.site.grid.contracts = {contract(0.5 * megawatt)};
  const CarbonResult carbon = half.carbon();
  CHECK(carbon.contracts->hourly_cfe == Approx(0.5));
  CHECK(carbon.contracts->annual_cfe == Approx(0.5));
  CHECK(carbon.contracts->surplus == Joules{});
  CHECK(carbon.location / kilogram == Approx(24e3 * 0.4));
  CHECK(*carbon.market / kilogram == Approx(12e3 * 0.4 + 12e3 * 0.012));
  CHECK(*carbon.market < carbon.location);
}

TEST_CASE("the sun of half a day covers all of a day's energy on paper and half of it by the hour") {
  Case solar;
  solar.site.grid.contracts = {sun(2 * megawatt)};
  const CarbonResult hourly = solar.carbon();
  CHECK(hourly.contracts->annual_cfe == Approx(1));
  CHECK(hourly.contracts->hourly_cfe == Approx(0.5));
  CHECK(hourly.contracts->surplus / megawatt_hour == Approx(12));
  CHECK(*hourly.market / kilogram == Approx(12e3 * 0.4 + 12e3 * 0.012));
  solar.site.grid.matching = Matching::annual;
  CHECK(*solar.carbon().market / kilogram == Approx(24e3 * 0.012));
}

TEST_CASE("what contracts leave is of the residual mix where one is stated") {
  Case half;
  half.site.grid.contracts = {contract(0.5 * megawatt)};
  half.site.grid.residual_intensity = 600 * kGramPerKwh;
  CHECK(*half.carbon().market / kilogram == Approx(12e3 * 0.6 + 12e3 * 0.012));
}

TEST_CASE("certificates of other hours lower market-based emissions and cover no hour") {
  Case bought;
  bought.site.grid.certificates = 0.75;
  const CarbonResult carbon = bought.carbon();
  CHECK(*carbon.market / kilogram == Approx(24e3 * 0.4 * 0.25));
  CHECK(carbon.location / kilogram == Approx(24e3 * 0.4));
  CHECK(carbon.contracts->hourly_cfe == 0);
  bought.site.grid.contracts = {contract(0.5 * megawatt)};
  CHECK(*bought.carbon().market / kilogram == Approx(12e3 * 0.4 * 0.25 + 12e3 * 0.012));
}

TEST_CASE("contracts larger than the load are used up to the load, and the rest is said to be surplus") {
  Case large;
  large.site.grid.contracts = {contract(835 * megawatt)};
  const CarbonResult carbon = large.carbon();
  CHECK(carbon.contracts->hourly_cfe == Approx(1));
  CHECK(*carbon.market / kilogram == Approx(24e3 * 0.012));
  const auto notes = notes_on(carbon);
  REQUIRE(notes.size() == 2);
  CHECK(notes[1] ==
        "contracts generate more than the site takes: 20016 of 20040 MWh are sold or curtailed, and credited to nobody "
        "here");
}

TEST_CASE("a contract is paid for all it generates, and what is left over is sold at the site's price") {
  Case solar;
  solar.site.electricity_price = 50 * kPerMwh;
  solar.site.grid.contracts = {sun(2 * megawatt)};
  solar.site.grid.contracts[0].price = 30 * kPerMwh;
  CHECK(*electricity_cost(solar.energy(), solar.site) / dollar == Approx(24 * 30 + 12 * 50 - 12 * 50));
}

TEST_CASE("by the hour or by the mean is the same where either power or intensity is constant") {
  Site site{.pue = 1.1};
  site.grid = catalogue_entry<Grid>("grids", "germany");
  Inputs inputs(source_catalogue());
  load_grid(site.grid, inputs, "grid", "");
  const EnergyResult energy = energy_of(flat(3 * megawatt, 365 * day), site, midnight(*parse_date("2023-01-01")));
  CHECK(energy.readings.size() == 8760);
  CHECK(carbon_of(energy, site, std::nullopt).intensity / kGramPerKwh == Approx(367.0).margin(0.1));
  CHECK(energy.facility / megawatt_hour == Approx(1.1 * 3 * 8760));
}

TEST_CASE("hours are integrated at the events of the run exactly") {
  Site site{.pue = 1};
  const Instant start = *parse_instant("2023-01-01T00:00Z");
  site.grid.hourly_carbon = {HourAxis{.typical = false, .start = start, .count = 3},
                             {100 * kGramPerKwh, 200 * kGramPerKwh, 400 * kGramPerKwh},
                             "ci",
                             {}};
  Timeline timeline = flat(1 * megawatt, 1.5 * hour);
  timeline.segments.push_back({.duration = 1.25 * hour, .mean = {.accelerators = 2 * megawatt}, .peak = 2 * megawatt});
  const EnergyResult energy = energy_of(timeline, site, start);
  CHECK(carbon_of(energy, site, std::nullopt).location / kilogram ==
        Approx(1000 * 0.1 + 500 * 0.2 + 1000 * 0.2 + 1500 * 0.4));
}

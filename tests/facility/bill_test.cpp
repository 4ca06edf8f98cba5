#include "facility/bill.hpp"

#include "catch.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr Watts kilowatt = 1000 * watt;
constexpr PowerPrice kPerKilowatt = dollar / kilowatt;

Site plain() { return {.pue = 1.2, .grid = {.intensity = 0.4 * (kilogram / kilowatt_hour)}}; }

EnergyResult metered(const Timeline& timeline, const char* first_day) {
  return energy_of(timeline, plain(), midnight(*parse_date(first_day)));
}

}  // namespace

TEST_CASE("a whole month at one power pays the rate for that power, half a month half of it") {
  const auto usd = [](Seconds duration) {
    return demand_charge(metered(flat(1000 * kilowatt, duration), "2023-06-01"), 10 * kPerKilowatt) / dollar;
  };
  CHECK(usd(30 * day) == Approx(10 * 1200));
  CHECK(usd(15 * day) == Approx(5 * 1200));
  CHECK(usd(61 * day) == Approx(2 * 10 * 1200));  // June and July
}

TEST_CASE("the highest quarter of an hour sets the month, and what is shorter than it counts with its mean") {
  Timeline timeline = flat(500 * kilowatt, 10 * day);
  timeline.segments.push_back(flat(1000 * kilowatt, 5 * minute).segments[0]);
  timeline.segments.push_back(flat(500 * kilowatt, 20 * day - 5 * minute).segments[0]);
  const auto usd = [&] { return demand_charge(metered(timeline, "2023-06-01"), 10 * kPerKilowatt) / dollar; };
  CHECK(usd() == Approx(10 * 1.2 * (500 + 500 / 3.0)));
  timeline.segments[1].duration = 15 * minute;
  timeline.segments[2].duration = 20 * day - 15 * minute;
  CHECK(usd() == Approx(10 * 1200));
}

TEST_CASE("every month has a demand of its own") {
  Timeline timeline = flat(500 * kilowatt, 30 * day);
  timeline.segments.push_back(flat(1000 * kilowatt, 31 * day).segments[0]);
  CHECK(demand_charge(metered(timeline, "2023-06-01"), 10 * kPerKilowatt) / dollar == Approx(10 * (600 + 1200)));
}

TEST_CASE("quarters count as they do when a run is cut at every hour") {
  Site hourly = plain();
  hourly.grid = catalogue_entry<Grid>("grids", "pjm");
  Inputs inputs(source_catalogue());
  load_grid(hourly.grid, inputs, "grid", "");
  Timeline timeline = flat(700 * kilowatt, 3.3 * hour);
  timeline.segments.push_back(flat(900 * kilowatt, 7 * minute).segments[0]);
  timeline.segments.push_back(flat(300 * kilowatt, 9.1 * day).segments[0]);
  const Instant start = *parse_instant("2023-01-30T00:00Z");
  const Dollars cut = demand_charge(energy_of(timeline, hourly, start), 10 * kPerKilowatt);
  CHECK(cut / demand_charge(energy_of(timeline, plain(), start), 10 * kPerKilowatt) == Approx(1));
}

TEST_CASE("water and emissions are paid where the site states a price, and electricity only then") {
  Site site = plain();
  site.wue = 2 * (litre / kilowatt_hour);
  const EnergyResult energy = energy_of(flat(1000 * kilowatt, 10 * hour), site);
  const auto bill = [&] {
    return bill_of(energy, water_of(energy, site), carbon_of(energy, site, std::nullopt), site);
  };
  CHECK_FALSE(bill().electricity);
  CHECK(bill().total() == Dollars{});
  site.electricity_price = 0.05 * dollar / kilowatt_hour;
  site.water_price = 3 * dollar / cubic_metre;
  site.carbon_price = 80 * dollar / tonne;
  CHECK(*bill().electricity / dollar == Approx(12e3 * 0.05));
  CHECK(bill().water / dollar == Approx(20 * 3));
  CHECK(bill().carbon / dollar == Approx(4.8 * 80));
  CHECK(bill().total() / dollar == Approx(600 + 60 + 384));
}

TEST_CASE("what a contract gives beyond the load is sold at the price of the hour, or fetches what is stated") {
  Site site = plain();
  site.electricity_price = 40 * dollar / megawatt_hour;
  site.grid.contracts = {{.name = "reactor", .power = 835 * megawatt, .price = 100 * dollar / megawatt_hour}};
  const EnergyResult energy = energy_of(flat(100 * megawatt, 1 * hour), site);  // 120 MW at the meter
  CHECK(*electricity_cost(energy, site) / dollar == Approx(835 * 100 - 715 * 40));
  site.grid.surplus_price = EnergyPrice{};
  CHECK(*electricity_cost(energy, site) / dollar == Approx(835 * 100));
}

#include "facility/operation.hpp"

#include "catch.hpp"
#include "facility/carbon.hpp"
#include "read_text.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr CarbonIntensity kGramPerKwh = 1e-3 * (kilogram / kilowatt_hour);
const Instant kStart = midnight(*parse_date("2023-01-01"));

/// Days of 12 hours at 100 g/kWh and then 12 hours at 500.
Site half_clean() {
  Site site{.pue = 1};
  std::vector<CarbonIntensity> hours;
  for (int h = 0; h < 30 * 24; ++h) hours.push_back((h % 24 < 12 ? 100 : 500) * kGramPerKwh);
  site.grid.hourly_carbon = {HourAxis{.typical = false, .start = kStart, .count = hours.size()}, hours, "ci", {}};
  site.operation =
      OperatingRules{.above_intensity = 300 * kGramPerKwh, .paused_power = 0.1, .longest_pause = 24 * hour};
  return site;
}

Timeline day_of_work() {
  Timeline timeline = flat(1 * megawatt, 24 * hour);
  timeline.segments[0].tokens = 1e9;
  return timeline;
}

Kilograms emitted(const Operated& operated, const Site& site) {
  return carbon_of(energy_of(operated.timeline, site, operated.start), site, std::nullopt).location;
}

double tokens(const Timeline& timeline) {
  double sum = 0;
  for (const Segment& segment : timeline.segments) sum += segment.tokens;
  return sum;
}

}  // namespace

TEST_CASE("a run that pauses in dirty hours does the same work, emits less and takes longer") {
  Site site = half_clean();
  const Operated operated = operate(day_of_work(), site, kStart);
  CHECK(operated.lost / hour == Approx(12));
  CHECK(tokens(operated.timeline) == Approx(1e9));
  CHECK(emitted(operated, site) / kilogram == Approx(24e3 * 0.1 + 1.2e3 * 0.5));
  REQUIRE(notes_on(operated, site).size() == 1);
  CHECK(notes_on(operated, site)[0] ==
        "operated by the site's rules: starts 0.0 days later and takes 0.50 days longer than without them");
}

TEST_CASE("a power cap slows bad hours down instead") {
  Site site = half_clean();
  site.operation->cap = PowerCap{.power = 0.7, .fixed = 0.4, .exponent = 1};
  CHECK(site.operation->cap->speed() == Approx(0.5));
  const Operated operated = operate(day_of_work(), site, kStart);
  CHECK(operated.lost / hour == Approx(6));
  CHECK(tokens(operated.timeline) == Approx(1e9));
  CHECK(operated.timeline.energy().total() / megawatt_hour == Approx(12 + 0.7 * 12 + 6));
}

TEST_CASE("the measured power of a V100 under a cap gives its speed") {
  // BERT at batch 24: 95 W do no work, 227.9 W at full speed, 146.7 W under the cap; measured 0.804 of the speed.
  const PowerCap cap{.power = 146.7 / 227.9, .fixed = 95 / 227.9, .exponent = 4.4};
  CHECK(cap.speed() == Approx(0.807).epsilon(1e-3));
}

TEST_CASE("no pause is longer than the site allows") {
  Site site = half_clean();
  site.operation->above_intensity = 50 * kGramPerKwh;
  site.operation->longest_pause = 6 * hour;
  const Operated operated = operate(day_of_work(), site, kStart);
  CHECK(operated.lost / hour == Approx(24));
  CHECK(tokens(operated.timeline) == Approx(1e9));
}

TEST_CASE("a start moves to the cleanest hours of its window") {
  Site site = half_clean();
  site.operation = OperatingRules{.start_within = 24 * hour};
  const Operated operated = operate(flat(1 * megawatt, 12 * hour), site, kStart + 6 * hour);
  CHECK(operated.shifted / hour == Approx(18));
  CHECK(operated.lost == Seconds{});
  CHECK(emitted(operated, site) / kilogram == Approx(12e3 * 0.1));
}

TEST_CASE("a price above the threshold pauses too") {
  Site site = half_clean();
  const EnergyPrice per_mwh = dollar / megawatt_hour;
  site.electricity_prices = CsvColumn{};
  std::vector<EnergyPrice> prices(720, 20 * per_mwh);
  prices[1] = 900 * per_mwh;
  site.hourly_price = {HourAxis{.typical = false, .start = kStart, .count = 720}, prices, "p", {}};
  site.operation = OperatingRules{.above_price = 100 * per_mwh, .longest_pause = 6 * hour};
  CHECK(operate(flat(1 * megawatt, 3 * hour), site, kStart).lost / hour == Approx(1));
}

TEST_CASE("rules change nothing where nothing changes, and say so") {
  Site site{.pue = 1, .grid = {.intensity = 400 * kGramPerKwh}};
  site.operation = OperatingRules{.above_intensity = 300 * kGramPerKwh, .longest_pause = day};
  const Operated operated = operate(day_of_work(), site, kStart);
  CHECK(operated.lost == Seconds{});
  CHECK(notes_on(operated, site) ==
        std::vector<std::string>{"'operation' has no effect: nothing of the site changes from hour to hour"});
}

TEST_CASE("thresholds need a longest pause, and a cap must leave power to work with") {
  CHECK(messages(read_text<OperatingRules>("above_intensity: 300 g/kWh\n", "operation").problems) ==
        std::vector<std::string>{"state 'longest_pause' as well"});
  CHECK(messages(read_text<OperatingRules>("cap: {power: 0.3, fixed: 0.4, exponent: 4}\n", "operation").problems) ==
        std::vector<std::string>{"a cap at or below the power that does no work stops the run; leave 'cap' out"});
}

TEST_CASE("a run goes by marginal emissions where they are known, and its share of the grid's stands beside them") {
  Site site = half_clean();
  const std::vector<CarbonIntensity> clean = site.grid.hourly_carbon.values();
  std::vector<CarbonIntensity> caused;  // the other way round: dirty in the morning
  for (const CarbonIntensity& intensity : clean) caused.push_back(600 * kGramPerKwh - intensity);
  site.grid.marginal = CsvColumn{};
  site.grid.hourly_marginal = {HourAxis{.typical = false, .start = kStart, .count = caused.size()}, caused, "m", {}};
  site.operation->paused_power = 0;
  const Operated operated = operate(day_of_work(), site, kStart);
  const CarbonResult carbon = carbon_of(energy_of(operated.timeline, site, operated.start), site, std::nullopt);
  CHECK(*carbon.marginal / kilogram == Approx(24e3 * 0.1));
  CHECK(carbon.location / kilogram == Approx(24e3 * 0.5));
  site.operation = OperatingRules{.start_within = 23 * hour};
  Timeline half_a_day = flat(1 * megawatt, 12 * hour);
  CHECK(operate(half_a_day, site, kStart).shifted / hour == Approx(12));
}

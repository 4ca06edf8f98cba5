#include "study/fleet.hpp"

#include "catch.hpp"
#include "input/problems.hpp"
#include "point.hpp"
#include "study/queries.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

Result gpt3() { return replay_point(catalogue_point("gpt3-175b")); }

const FleetFigure& figure(const Fleet& fleet, std::string_view name) {
  return *std::ranges::find(fleet.figures, name, &FleetFigure::name);
}
double value(const std::vector<QueryFigure>& figures, std::string_view name) {
  return std::ranges::find(figures, name, &QueryFigure::name)->value.value();
}

}  // namespace

TEST_CASE("a fleet is as many machines as its given figure needs, and all others follow in proportion") {
  const Result run = gpt3();
  const Fleet fleet = fleet_of(run, parse_fleet_target("accelerators=50000"), 1.69, 0.5);
  CHECK(fleet.machines == Approx(5));
  for (const FleetFigure& one : fleet.figures)
    if (one.machine) CHECK(*one.fleet == Approx(5 * *one.machine));
  const double years = run.duration->time / year;
  CHECK(*figure(fleet, "facility_mwh").machine == Approx(run.energy->facility / megawatt_hour / years));
  CHECK(*figure(fleet, "facility_mw").machine * 8766 == Approx(*figure(fleet, "facility_mwh").machine));
  CHECK(*figure(fleet, "revenue_usd").fleet == Approx(2 * *figure(fleet, "tco_usd").fleet));
  CHECK(*figure(fleet, "servers_usd").fleet / *figure(fleet, "accelerators_usd").fleet == Approx(1.69));
}

TEST_CASE("4.2 to 6.6 billion cubic metres withdrawn are a fleet of 11 to 17 GW") {
  const Result run = gpt3();
  const auto gigawatts = [&](const char* target) {
    return *figure(fleet_of(run, parse_fleet_target(target), 1.69, 0), "facility_mw").fleet / 1000;
  };
  CHECK(gigawatts("withdrawn_m3=4.2e9") == Approx(10.8).margin(0.1));
  CHECK(gigawatts("withdrawn_m3=6.6e9") == Approx(17.0).margin(0.1));
}

TEST_CASE("a figure that is unknown, no number, or not in the result is refused with the next step") {
  CHECK_THROWS_AS(parse_fleet_target("megawatts=3"), InputError);
  CHECK_THROWS_AS(parse_fleet_target("accelerators=many"), InputError);
  CHECK_THROWS_AS(parse_fleet_target("accelerators"), InputError);
  CHECK_THROWS_AS(fleet_of(gpt3(), parse_fleet_target("market_t=1000"), 1.69, 0), InputError);
}

TEST_CASE("a question of 4 Wh drinks 16.9 mL at Li et al.'s boundary, 29.6 questions to half a litre") {
  const Result run = replay_point(catalogue_point("gpt3-175b-li2023"));
  const auto figures = queries_of(run, 0.004 * kilowatt_hour, std::nullopt);
  CHECK(value(figures, "onsite_ml") == Approx(2.2));
  CHECK(value(figures, "offsite_ml") == Approx(14.705).epsilon(1e-3));
  CHECK(value(figures, "water_ml") == Approx(16.9).epsilon(1e-3));
  CHECK(value(figures, "per_half_litre") == Approx(29.6).epsilon(1e-3));
}

TEST_CASE("queries have used the energy of the training after as many days as it holds of theirs") {
  const Result run = gpt3();
  const auto figures = queries_of(run, 0.004 * kilowatt_hour, 1e6);
  CHECK(value(figures, "days_to_training") == Approx(run.energy->it / (0.004e6 * kilowatt_hour)));
  CHECK(value(figures, "facility_mwh") == Approx(1.1 * 4e-6 * 1e6 * 365.25));
  CHECK(value(figures, "accelerator_s") == Approx(0.004 * 3.6e6 / 330));
}

#include "facility/water.hpp"

#include "catch.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr WaterIntensity kLitre = litre / kilowatt_hour;

/// 1,000 MWh of IT, 1,200 at the meter: 500 m3 on site and 3,600 off it.
Site site() {
  return {.pue = 1.2, .wue = 0.5 * kLitre, .grid = {.intensity = CarbonIntensity{}, .water_intensity = 3 * kLitre}};
}
WaterResult water_at(const Site& site) { return water_of(energy_of(flat(1 * megawatt, 1000 * hour), site), site); }

}  // namespace

TEST_CASE("withdrawn is what the plant is made up with and what power stations take, not what they evaporate") {
  Site us = site();
  CHECK_FALSE(water_at(us).withdrawn);
  us.grid.water_withdrawal = 43.8 * kLitre;
  CHECK(*water_at(us).withdrawn / cubic_metre == Approx(500 + 1'200 * 43.8));
  CHECK(*water_at(us).offsite / cubic_metre == Approx(3'600));
}

TEST_CASE("water counts by its scarcity where it is taken, and not at all while one of the factors is missing") {
  Site dry = site();
  dry.water_scarcity = 40;
  CHECK_FALSE(water_at(dry).scarcity);
  CHECK(notes_on(water_at(dry), dry).size() == 1);
  dry.grid.water_scarcity = 2;
  CHECK(*water_at(dry).scarcity / cubic_metre == Approx(500 * 40 + 3'600 * 2));
  CHECK(notes_on(water_at(dry), dry).empty());
  dry.water_scarcity = dry.grid.water_scarcity = 1;
  CHECK(*water_at(dry).scarcity / cubic_metre == Approx(4'100));
}

TEST_CASE("reservoirs of dams are a switch, and a note says when they are left out") {
  Site dams = site();
  dams.grid.water_intensity = WaterIntensity{};
  dams.grid.reservoir_water = 9.5 * kLitre;
  CHECK(*water_at(dams).offsite == CubicMetres{});
  CHECK(notes_on(water_at(dams), dams).size() == 1);
  dams.grid.reservoirs = Reservoirs::include;
  CHECK(*water_at(dams).offsite / cubic_metre == Approx(1'200 * 9.5));
  CHECK(notes_on(water_at(dams), dams).empty());
}

TEST_CASE("a site of the Washington coast takes 9.5 L/kWh of its reservoirs, and none without them") {
  Site dams = catalogue_entry<Site>("sites", "hydro-washington");
  CHECK(dams.grid.water()->at({}) / kLitre == Approx(9.501));
  dams.grid.reservoirs = Reservoirs::exclude;
  CHECK(dams.grid.water()->at({}) == WaterIntensity{});
}

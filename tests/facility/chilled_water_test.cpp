#include "facility/chilled_water.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "facility/cooling.hpp"

using namespace traingrid;

namespace {

const ChilledWater& plant() {
  static const Cooling cooling = catalogue_entry<Cooling>("plants", "chilled-water");
  return *cooling.chilled_water;
}

constexpr Watts kDesign = 10 * megawatt;
constexpr Temperature kReference{6.67};

/// Litres per kWh of heat that air of this state takes up when it leaves saturated at the exit's temperature.
double litres(double dry, double relative, double exit) {
  const Air air = air_of_humidity({dry}, relative, pressure_at(0), WetBulb::iterative);
  return evaporate(kDesign, air, {exit}).water / kDesign * (litre / kilogram) / (litre / kilowatt_hour);
}

}  // namespace

TEST_CASE("the chiller's efficiency is that of its curves") {
  const Chiller& chiller = plant().chiller;
  const auto cop = [&](double condenser, double part) {
    // The capacity at these temperatures, found from a load far below it: power is cycling, so proportional to load.
    const auto& c = chiller.capacity;
    const double x = kReference.celsius;
    const double of_capacity =
        c[0] + c[1] * x + c[2] * x * x + c[3] * condenser + c[4] * condenser * condenser + c[5] * x * condenser;
    const Watts heat = part * of_capacity * kDesign;
    return heat / chiller.power(heat, kDesign, kReference, {condenser});
  };
  CHECK(cop(24, 1) == Approx(6.183).epsilon(2e-4));
  CHECK(cop(29.4, 1) == Approx(5.505).epsilon(2e-4));
  CHECK(cop(35, 1) == Approx(4.814).epsilon(2e-4));
  CHECK(cop(24, 0.5) == Approx(6.239).epsilon(2e-4));
  CHECK(cop(29.4, 0.5) == Approx(5.555).epsilon(2e-4));
  CHECK(cop(35, 0.5) == Approx(4.857).epsilon(2e-4));
  CHECK(cop(24, 0.25) == Approx(4.681).epsilon(2e-4));
  CHECK(cop(29.4, 0.25) == Approx(4.168).epsilon(2e-4));
  CHECK(cop(35, 0.25) == Approx(3.644).epsilon(2e-4));
  CHECK(chiller.power({}, kDesign, kReference, {29.4}) == Watts{});
}

TEST_CASE("a chiller that is too small for its least load switches on and off") {
  const Chiller& chiller = plant().chiller;
  const auto power = [&](double part) { return chiller.power(part * kDesign, kDesign, kReference, {29.4}); };
  CHECK(power(0.04) / power(0.02) == Approx(2));
}

TEST_CASE("the tower's approach is YorkCalc's") {
  const Tower& tower = plant().tower;
  CHECK(tower.approach_at({25.6}, 5.6) == Approx(3.856).epsilon(2e-4));
  CHECK(tower.approach_at({20}, 5.5) == Approx(5.014).epsilon(2e-4));
  CHECK(tower.approach_at({10}, 5.5) == Approx(7.707).epsilon(2e-4));
  CHECK(tower.approach_at({0}, 5.5) == Approx(11.077).epsilon(2e-4));
  CHECK(tower.water({-30}, 1) == tower.coldest_water);
}

TEST_CASE("what evaporates is what saturates the air") {
  CHECK(litres(35, 0.4, 30) == Approx(1.665).epsilon(5e-4));
  CHECK(litres(25, 0.5, 24) == Approx(1.480).epsilon(5e-4));
  CHECK(litres(10, 0.8, 17) == Approx(0.970).epsilon(5e-4));
  CHECK(litres(0, 0.8, 12) == Approx(0.7746).epsilon(5e-4));
  CHECK(evaporate(kDesign, air_of_humidity({40}, 1, pressure_at(0), WetBulb::iterative), {20}).water == MassFlow{});
}

TEST_CASE("make-up at five cycles of concentration is five quarters of what evaporates, drift included") {
  const Air air = air_of_humidity({25}, 0.5, pressure_at(0), WetBulb::iterative);
  const Cooled cooled = reject(plant().tower, kDesign, kDesign, air, {24 - plant().tower.range_k / 2});
  CHECK(cooled.water / kDesign / (litre / kilowatt_hour) == Approx(1.850).epsilon(5e-4));
  CHECK(cooled.water / cooled.evaporated == Approx(1.25));
}

TEST_CASE("evaporation takes no more heat than is rejected and than the air gives up") {
  for (double dry = -20; dry <= 45; dry += 2.5) {
    for (const double relative : {0.05, 0.3, 0.6, 0.99}) {
      const Air air = air_of_humidity({dry}, relative, pressure_at(0), WetBulb::iterative);
      for (double exit = std::max(0.0, air.wet_bulb.celsius + 1); exit < 35; exit += 3) {
        INFO(dry << " °C, " << relative << " -> " << exit);
        const Evaporation evaporation = evaporate(kDesign, air, {exit});
        const SpecificEnergy given_up_by_air =
            enthalpy({dry}, air.humidity_ratio) - enthalpy({exit}, air.humidity_ratio);
        const Watts given_up = evaporation.air * std::max(SpecificEnergy{}, given_up_by_air);
        CHECK(evaporation.water * latent_heat({exit}) <= (kDesign + given_up) * (1 + 1e-9));
      }
    }
  }
}

TEST_CASE("the economiser takes over by and by as the wet bulb falls") {
  const auto cooled = [&](double wet) {
    return cool_with(plant(), {kDesign, kDesign, {}, {}}, air_of_wet_bulb({wet + 3}, {wet}, pressure_at(0)));
  };
  CHECK_FALSE(cooled(20).free);
  CHECK(cooled(2).free);
  ChilledWater without = plant();
  without.economiser = false;
  const Air cold = air_of_wet_bulb({5}, {2}, pressure_at(0));
  CHECK(cool_with(without, {kDesign, kDesign, {}, {}}, cold).power > 2 * cooled(2).power);
}

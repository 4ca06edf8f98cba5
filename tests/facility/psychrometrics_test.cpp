#include "facility/psychrometrics.hpp"
#include "catch.hpp"

using namespace traingrid;

namespace {

const Pressure kSeaLevel = pressure_at(0);

}  // namespace

TEST_CASE("saturation pressures are those of the ASHRAE tables") {
  CHECK(saturation_pressure({25}) / pascal == Approx(3169.2).epsilon(2e-5));
  CHECK(saturation_pressure({0.01}) / pascal == Approx(611.7).epsilon(2e-4));
  CHECK(saturation_pressure({-20}) / pascal == Approx(103.26).epsilon(2e-4));
  CHECK(pressure_at(0) / pascal == Approx(101325));
  CHECK(pressure_at(1500) / pascal == Approx(84556).epsilon(1e-4));
}

TEST_CASE("wet bulbs are those of an independent implementation, by iteration and by Stull") {
  struct Row {
    double dry, relative, iterative, stull;
  };
  const Row row = GENERATE(Row{20, 0.5, 13.784, 13.699}, Row{35, 0.4, 23.935, 24.514}, Row{30, 0.8, 27.091, 27.130},
                           Row{40, 0.15, 20.356, 20.769}, Row{5, 0.9, 4.301, 3.995});
  CHECK(air_of_humidity({row.dry}, row.relative, kSeaLevel, WetBulb::iterative).wet_bulb.celsius ==
        Approx(row.iterative).margin(6e-4));
  CHECK(air_of_humidity({row.dry}, row.relative, kSeaLevel, WetBulb::stull).wet_bulb.celsius ==
        Approx(row.stull).margin(6e-4));
}

TEST_CASE("a wet bulb lies between dew point and dry bulb, and all three meet where air is saturated") {
  const double dry = GENERATE(-25.0, -5.0, 0.0, 10.0, 42.0);
  const double relative = GENERATE(0.05, 0.5, 0.95, 1.0);
  const Air air = air_of_humidity({dry}, relative, kSeaLevel, WetBulb::iterative);
  INFO(dry << " °C, " << relative);
  // Below 0 °C the dew point is that over ice, and so is the wet bulb.
  CHECK(air.dew_point.celsius <= air.wet_bulb.celsius + 1e-6);
  CHECK(air.wet_bulb <= air.dry_bulb);
  if (relative == 1) CHECK(air.dew_point.celsius == Approx(dry).margin(1e-6));
  if (relative == 1) CHECK(air.wet_bulb.celsius == Approx(dry).margin(1e-6));
}

TEST_CASE("air of a wet bulb is the air it was measured in") {
  const Air air = air_of_humidity({30}, 0.35, pressure_at(800), WetBulb::iterative);
  const Air again = air_of_wet_bulb({30}, air.wet_bulb, pressure_at(800));
  CHECK(again.humidity_ratio == Approx(air.humidity_ratio));
  CHECK(again.dew_point.celsius == Approx(air.dew_point.celsius));
  CHECK(vapour_pressure(air.humidity_ratio, air.pressure) / saturation_pressure({30}) == Approx(0.35));
}

TEST_CASE("enthalpy counts from dry air at 0 °C") {
  CHECK(enthalpy({0}, 0) == SpecificEnergy{});
  CHECK(enthalpy({25}, 0.01) / (joule / kilogram) == Approx(1006 * 25 + 0.01 * (2501e3 + 1860 * 25)));
  CHECK(latent_heat({30}) / (joule / kilogram) == Approx(2.431e6).epsilon(1e-3));
}

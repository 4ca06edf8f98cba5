#include "facility/tower.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

constexpr std::size_t kPowers = 3;

}  // namespace

void Tower::describe(Fields& fields) {
  fields.required(
      "approach", approach,
      "YorkCalc's 27 coefficients of the approach: powers of the wet bulb fastest, then of the range, then of "
      "liquid to gas");
  fields.required("range_k", range_k, "kelvin between water in and out at the design load", positive);
  fields.optional("liquid_to_gas", liquid_to_gas, "water over air by mass, over its design value", positive);
  fields.required("coldest_wet_bulb", coldest_wet_bulb, "below which the approach is that of this wet bulb");
  fields.required("hottest_wet_bulb", hottest_wet_bulb, "above which the approach is that of this wet bulb");
  fields.required("least_approach_k", least_approach_k, "kelvin that the water stays above the wet bulb", positive);
  fields.required("greatest_approach_k", greatest_approach_k, "kelvin above the wet bulb at most", positive);
  fields.required("coldest_water", coldest_water, "to which basins are held");
  fields.required("fan", fan, "fan power per heat rejected", fraction);
  fields.required("pump", pump, "power of the condenser pumps per heat rejected at the design load", fraction);
  fields.required("pump_floor", pump_floor, "share of the design load below which pumps take no less", fraction);
  fields.required("cycles", cycles, "cycles of concentration: salt in the basin over salt in the make-up",
                  Range{.low = 1, .low_excluded = true, .text = "above 1"});
  fields.required("drift", drift, "share of the water in circulation that is blown away as drops", fraction);
  fields.check("approach", approach.size() == kPowers * kPowers * kPowers, "'approach' holds 27 coefficients");
}

double Tower::approach_at(Temperature wet_bulb, double range) const {
  double sum = 0;
  auto coefficient = approach.begin();
  double of_gas = 1;
  for (std::size_t c = 0; c < kPowers; ++c, of_gas *= liquid_to_gas) {
    double of_range = of_gas;
    for (std::size_t b = 0; b < kPowers; ++b, of_range *= range) {
      double term = of_range;
      for (std::size_t a = 0; a < kPowers; ++a, term *= wet_bulb.celsius) sum += *coefficient++ * term;
    }
  }
  return sum;
}

Temperature Tower::water(Temperature wet_bulb, double load) const {
  const Temperature seen = std::clamp(wet_bulb, coldest_wet_bulb, hottest_wet_bulb);
  const double approach_k =
      std::clamp(approach_at(seen, range_k * std::min(1.0, load)), least_approach_k, greatest_approach_k);
  return std::max(wet_bulb + approach_k, coldest_water);
}

Evaporation evaporate(Watts rejected, const Air& in, Temperature exit) {
  const double saturated = saturated_humidity_ratio(exit, in.pressure);
  const SpecificEnergy rise = enthalpy(exit, saturated) - enthalpy(in.dry_bulb, in.humidity_ratio);
  if (rise <= SpecificEnergy{}) return {};
  const MassFlow air = rejected / rise;
  return {air * std::max(0.0, saturated - in.humidity_ratio), air};
}

Cooled reject(const Tower& tower, Watts rejected, Watts design, const Air& air, Temperature water) {
  const VolumeFlow evaporated = water_volume(evaporate(rejected, air, water + tower.range_k / 2).water);
  const VolumeFlow drifted = water_volume(tower.drift * (rejected / (tower.range_k * kWaterCapacity)));
  const VolumeFlow blown_down = std::max(VolumeFlow{}, evaporated / (tower.cycles - 1) - drifted);
  return {.power = tower.fan * rejected + tower.pump * std::max(rejected, tower.pump_floor * design),
          .water = evaporated + blown_down + drifted,
          .evaporated = evaporated};
}

}  // namespace traingrid

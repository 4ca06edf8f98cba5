// Cooling towers: how cold the water leaves, and what evaporates.
#pragma once

#include "facility/heat.hpp"
#include "input/fields.hpp"

#include <vector>

namespace traingrid {

/// An open tower with a fan and condenser pumps.
struct Tower {
  std::vector<double> approach;  ///< YorkCalc: 27 coefficients of wet bulb (°C), range (K) and liquid-to-gas ratio
  double range_k = 0;            ///< between water in and out at the design load
  double liquid_to_gas = 1;
  Temperature coldest_wet_bulb, hottest_wet_bulb;  ///< between which the approach is evaluated
  double least_approach_k = 0, greatest_approach_k = 0;
  Temperature coldest_water;  ///< basins are kept from freezing
  double fan = 0, pump = 0;   ///< power per heat rejected at the design load
  double pump_floor = 0;      ///< below which load pumps do not turn slower
  double cycles = 0;          ///< of concentration, above 1
  double drift = 0;           ///< share of the water in circulation that is blown away

  void describe(Fields& fields);

  double approach_at(Temperature wet_bulb, double range) const;  ///< K, before the limits
  /// Of the water that goes to the condenser, at a share of the design load.
  Temperature water(Temperature wet_bulb, double load) const;
};

/// Evaporation into air that leaves saturated (EnergyPlus "SaturatedExit").
struct Evaporation {
  MassFlow water, air;
};
/// Needs an exit warmer, in enthalpy, than the air that comes in; else nothing evaporates.
Evaporation evaporate(Watts rejected, const Air& in, Temperature exit);

/// What rejecting the heat takes in fans, pumps and water.
Cooled reject(const Tower& tower, Watts rejected, Watts design, const Air& air, Temperature water);

}  // namespace traingrid

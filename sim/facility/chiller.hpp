// Water-cooled chillers: DOE-2's curves of capacity and of energy input to cooling (EnergyPlus Chiller:Electric:EIR).
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"
#include "units/temperature.hpp"

#include <vector>

namespace traingrid {

/// Curves of a chiller. Biquadratics are a + b x + c x² + d y + e y² + f x y, x the chilled water that leaves and y the
/// water that enters the condenser, in °C.
struct Chiller {
  std::vector<double> capacity, energy_input;  ///< biquadratics, over their values at the reference
  std::vector<double> part_load;               ///< a + b x + c x² of the load over the capacity
  double cop = 0;                              ///< at the reference
  double least_load = 0;                       ///< below which it switches on and off
  Temperature warmest_chilled_water;           ///< that the curves hold for
  double gain_per_kelvin = 0;                  ///< less power per kelvin of chilled water above that
  Temperature coldest_condenser_water;         ///< that the curves hold for

  void describe(Fields& fields);

  /// For carrying away `heat` with a machine of this capacity at the reference.
  Watts power(Watts heat, Watts reference, Temperature chilled_water, Temperature condenser_water) const;
};

}  // namespace traingrid

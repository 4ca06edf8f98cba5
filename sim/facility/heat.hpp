// What cooling plants carry away, and what that takes.
#pragma once

#include "facility/psychrometrics.hpp"
#include "units/quantity.hpp"

namespace traingrid {

/// Heat at one moment.
struct HeatLoad {
  Watts design;  ///< IT power that the plant is built for
  Watts it;      ///< IT power now
  Watts
      losses;   ///< heat of the electrical chain that ends in the same rooms, proportional to the IT power or nearly so
  Watts fixed;  ///< heat in the same rooms that does not follow the load

  constexpr Watts total() const { return it + losses + fixed; }
  /// A share of the IT with its losses.
  constexpr HeatLoad share(double of_it) const { return {design, of_it * it, of_it * losses, fixed}; }
};

/// What a plant does with it.
struct Cooled {
  Watts power;            ///< fans, pumps, compressors
  VolumeFlow water;       ///< make-up: evaporated, blown down and drifted away
  VolumeFlow evaporated;  ///< of that
  bool free = false;      ///< no compressor runs

  friend constexpr Cooled operator+(const Cooled& a, const Cooled& b) {
    return {a.power + b.power, a.water + b.water, a.evaporated + b.evaporated, a.free && b.free};
  }
};

/// What wetted pads are taken to evaporate at: 2,430 kJ per kilogram of water.
inline constexpr Temperature kWettedPads{30.5};

/// A cubic law for fans and pumps, which do not turn slower than `floor` of their speed.
Watts cubic(Watts full, double load, double floor);

/// Make-up of an evaporative device, of which salts leave with one part in `cycles` of what comes in.
VolumeFlow make_up(VolumeFlow evaporated, double cycles);

/// Kilograms of water as a volume.
constexpr VolumeFlow water_volume(MassFlow flow) { return flow * (litre / kilogram); }
constexpr MassFlow water_mass(VolumeFlow flow) { return flow / (litre / kilogram); }

}  // namespace traingrid

// The power and water a facility adds to its IT, at one moment: a constant, or an electrical chain and a cooling plant.
#pragma once

#include "facility/site.hpp"
#include "units/quantity.hpp"

namespace traingrid {

/// Power beside the IT, by where it goes.
struct Overhead {
  Watts conversion, cooling, other;  ///< `other` is what a plant cannot split
  VolumeFlow water;                  ///< that the plant takes
  bool free = false;                 ///< cooled without a compressor

  constexpr Watts total() const { return conversion + cooling + other; }
};

/// PUE × IT power and WUE × IT power, at any load and any weather.
Overhead constant_overhead(const Site& site, Watts it);

/// Needs `cooling`, `electrical` and `weather`. `design` is the IT power that the plant is built for.
Overhead plant_overhead(const Site& site, Watts it, Watts design, const Air& air);

}  // namespace traingrid

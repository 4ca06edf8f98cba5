// Cooling plants and electrical chains: the power a facility adds to its IT. One file and one line of kPlants each.
#pragma once

#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <array>
#include <string_view>

namespace traingrid {

/// Power beside the IT, by where it goes.
struct Overhead {
  Watts conversion, cooling, other;  ///< `other` is what a plant cannot split

  constexpr Watts total() const { return conversion + cooling + other; }
};

/// PUE × IT power, at any load and any weather.
Overhead constant_overhead(const Site& site, Watts it);

struct Plant {
  std::string_view name;
  std::string_view summary;
  Overhead (*overhead)(const Site& site, Watts it);
};
inline constexpr std::array kPlants{
    Plant{"constant", "a PUE that changes neither with load nor with weather", constant_overhead},
};

}  // namespace traingrid

// Greenhouse gases of a run: of its electricity, location-based and market-based (GHG Protocol scope 2 wants both),
// and its share of what making the hardware emitted.
#pragma once

#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <optional>

namespace traingrid {

struct CarbonResult {
  Kilograms location;
  std::optional<Kilograms> market, embodied;
  CarbonIntensity intensity;  ///< mean over the run, location-based
};

CarbonResult carbon_of(const EnergyResult& energy, const Site& site, std::optional<Kilograms> embodied);

/// Emissions of making some units, spread over the time they are in use.
struct Fleet {
  double units = 0;
  Kilograms embodied;  ///< per unit
};

/// The share of a run that occupies the fleet for `duration`, of a life of which the share `utilisation` is in use
/// (Luccioni et al. 2022, arXiv 2211.02001).
constexpr Kilograms embodied_share(const Fleet& fleet, Seconds duration, Seconds life, double utilisation) {
  return fleet.units * fleet.embodied * (duration / (life * utilisation));
}

}  // namespace traingrid

// Water evaporated for a run: on site by cooling (per IT energy), off site by power stations (per facility energy).
// Li et al. 2023, "Making AI Less Thirsty", arXiv 2304.03271.
#pragma once

#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <optional>

namespace traingrid {

/// Empty where the site does not state the factor.
struct WaterResult {
  std::optional<CubicMetres> onsite, offsite;
  std::optional<WaterIntensity> wue;  ///< mean over the run, per IT energy
};

WaterResult water_of(const EnergyResult& energy, const Site& site);

}  // namespace traingrid

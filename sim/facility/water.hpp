// Water evaporated for a run: on site by cooling (per IT energy), off site by power stations (per facility energy).
// Li et al. 2023, "Making AI Less Thirsty", arXiv 2304.03271.
#pragma once

#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// Empty where the site does not state the factor.
struct WaterResult {
  std::optional<CubicMetres> onsite, offsite;
  std::optional<WaterIntensity> wue;         ///< mean over the run, per IT energy
  std::optional<CubicMetres> withdrawn;      ///< make-up on site, and what power stations take
  std::optional<CubicMetres> scarcity;       ///< consumed, weighted: cubic metres of the world's mean
  std::optional<CubicMetres> manufacturing;  ///< share of what making the accelerators took
};

WaterResult water_of(const EnergyResult& energy, const Site& site);

/// What a reader should know about the water, one sentence each.
std::vector<std::string> notes_on(const WaterResult& water, const Site& site);

}  // namespace traingrid

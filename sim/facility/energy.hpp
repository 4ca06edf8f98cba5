// Energy of a run at the IT boundary and at the meter of the facility.
// Exact for power that is constant between the events of the timeline; nothing is sampled.
#pragma once

#include "campaign/timeline.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

namespace traingrid {

struct EnergyResult {
  Joules it, facility;
  double pue = 1;  ///< mean over the run
  Watts mean_it, peak_it, peak_facility;
  ItEnergy it_parts;
  Joules conversion, cooling, other;  ///< facility minus IT; `other` is what a constant PUE does not split
};

EnergyResult energy_of(const Timeline& timeline, const Site& site);

}  // namespace traingrid

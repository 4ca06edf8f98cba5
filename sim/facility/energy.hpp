// Energy of a run at the IT boundary and at the meter of the facility.
// Exact for power that is constant between the events of the timeline; nothing is sampled.
#pragma once

#include "campaign/timeline.hpp"
#include "facility/hourly.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <vector>

namespace traingrid {

struct Site;

/// A stretch of time in which neither the run nor anything of the site changes.
struct Reading {
  Instant begin{};
  Seconds duration;
  Watts it, facility;
  VolumeFlow water;   ///< make-up of the cooling plant
  bool free = false;  ///< cooled without a compressor
};

struct EnergyResult {
  Joules it, facility;
  double pue = 1;  ///< mean over the run
  Watts mean_it, peak_it, peak_facility;
  ItEnergy it_parts;
  Joules conversion, cooling, other;   ///< facility minus IT; `other` is what a constant PUE does not split
  std::optional<double> free_cooling;  ///< share of the time without a compressor; of sites with a plant
  std::vector<Reading> readings{};     ///< in order, without gaps
};

/// `start` is when the run begins; without one, 1 January of no particular year.
EnergyResult energy_of(const Timeline& timeline, const Site& site, Instant start = {});

}  // namespace traingrid

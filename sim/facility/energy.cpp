#include "facility/energy.hpp"

#include "facility/plant.hpp"

#include <algorithm>

namespace traingrid {

EnergyResult energy_of(const Timeline& timeline, const Site& site) {
  const auto overhead = kPlants.front().overhead;
  EnergyResult result{.it = timeline.energy().total(), .peak_it = timeline.peak(), .it_parts = timeline.energy()};
  for (const Segment& segment : timeline.segments) {
    const Overhead mean = overhead(site, segment.mean.total());
    result.conversion += mean.conversion * segment.duration;
    result.cooling += mean.cooling * segment.duration;
    result.other += mean.other * segment.duration;
    result.peak_facility = std::max(result.peak_facility, segment.peak + overhead(site, segment.peak).total());
  }
  result.facility = result.it + result.conversion + result.cooling + result.other;
  result.pue = result.it > Joules{} ? result.facility / result.it : site.pue;
  if (timeline.duration() > Seconds{}) result.mean_it = result.it / timeline.duration();
  return result;
}

}  // namespace traingrid

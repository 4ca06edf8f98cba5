#include "facility/plant.hpp"

namespace traingrid {

Overhead constant_overhead(const Site& site, Watts it) {
  return {.other = it * (site.pue.value_or(1) - 1), .water = it * site.wue.value_or(WaterIntensity{})};
}

Overhead plant_overhead(const Site& site, Watts it, Watts design, const Air& air) {
  const Cooled cooled = cool(*site.cooling, site.electrical->heat(it, design), air);
  return {.conversion = site.electrical->loss(it, design),
          .cooling = cooled.power,
          .other = site.electrical->other * design,
          .water = cooled.water,
          .free = cooled.free};
}

}  // namespace traingrid

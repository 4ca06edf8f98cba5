#include "facility/water.hpp"

namespace traingrid {

WaterResult water_of(const EnergyResult& energy, const Site& site) {
  WaterResult result{.wue = site.wue};
  if (site.wue) result.onsite = energy.it * *site.wue;
  if (site.grid.water_intensity) result.offsite = energy.facility * *site.grid.water_intensity;
  return result;
}

}  // namespace traingrid

#include "facility/water.hpp"

namespace traingrid {

WaterResult water_of(const EnergyResult& energy, const Site& site) {
  WaterResult result{.wue = site.wue};
  if (site.wue) result.onsite = energy.it * *site.wue;
  if (site.cooling) {
    CubicMetres sum;
    for (const Reading& reading : energy.readings) sum += reading.water * reading.duration;
    result.onsite = sum;
    if (energy.it > Joules{}) result.wue = sum / energy.it;
  }
  if (site.grid.water_intensity) {
    result.offsite = energy.facility * *site.grid.water_intensity;
  } else if (const auto water = site.grid.water()) {
    CubicMetres sum;
    for (const Reading& reading : energy.readings) {
      sum += reading.facility * reading.duration * water->at(reading.begin);
    }
    result.offsite = sum;
  }
  return result;
}

}  // namespace traingrid

#include "facility/water.hpp"

namespace traingrid {
namespace {

/// Of water consumed on site and off, each where it is scarce; nothing unless both factors are known for what there is.
std::optional<CubicMetres> weighted(const WaterResult& water, const Site& site) {
  const bool here = !water.onsite || *water.onsite == CubicMetres{} || site.water_scarcity;
  const bool there = !water.offsite || *water.offsite == CubicMetres{} || site.grid.water_scarcity;
  if (!here || !there || (!site.water_scarcity && !site.grid.water_scarcity)) return std::nullopt;
  return water.onsite.value_or(CubicMetres{}) * site.water_scarcity.value_or(0) +
         water.offsite.value_or(CubicMetres{}) * site.grid.water_scarcity.value_or(0);
}

}  // namespace

WaterResult water_of(const EnergyResult& energy, const Site& site) {
  WaterResult result{.wue = site.wue};
  if (site.wue) result.onsite = energy.it * *site.wue;
  if (site.cooling) {
    CubicMetres sum;
    for (const Reading& reading : energy.readings) sum += reading.water * reading.duration;
    result.onsite = sum;
    if (energy.it > Joules{}) result.wue = sum / energy.it;
  }
  const auto water = site.grid.water();
  if (water && water->is_steady()) {
    result.offsite = energy.facility * water->at({});
  } else if (water) {
    CubicMetres sum;
    for (const Reading& reading : energy.readings) {
      sum += reading.facility * reading.duration * water->at(reading.begin);
    }
    result.offsite = sum;
  }
  if (result.onsite && site.grid.water_withdrawal)
    result.withdrawn = *result.onsite + energy.facility * *site.grid.water_withdrawal;
  result.scarcity = weighted(result, site);
  return result;
}

std::vector<std::string> notes_on(const WaterResult& water, const Site& site) {
  std::vector<std::string> notes;
  if (site.grid.reservoir_water && site.grid.reservoirs == Reservoirs::exclude)
    notes.emplace_back(
        "water that evaporates from reservoirs of dams is left out; 'grid.reservoirs: include' counts it");
  if ((site.water_scarcity || site.grid.water_scarcity) && !water.scarcity)
    notes.emplace_back(
        "water is not weighted: 'water_scarcity' is stated of the site or of its grid only, and both are used");
  return notes;
}

}  // namespace traingrid

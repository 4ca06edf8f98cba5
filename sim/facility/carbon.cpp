#include "facility/carbon.hpp"

namespace traingrid {

CarbonResult carbon_of(const EnergyResult& energy, const Site& site, std::optional<Kilograms> embodied) {
  CarbonResult result{
      .location = energy.facility * site.grid.intensity, .embodied = embodied, .intensity = site.grid.intensity};
  if (site.grid.market_intensity) result.market = energy.facility * *site.grid.market_intensity;
  return result;
}

}  // namespace traingrid

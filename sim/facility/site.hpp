// A place to train at: its efficiency, grid, water and prices. Constants of the year for now.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// The grid behind the site's meter.
struct Grid {
  std::string zone;                                 ///< for people
  CarbonIntensity intensity;                        ///< location-based: of the grid as it is
  std::optional<CarbonIntensity> market_intensity;  ///< market-based: after contracts and certificates
  std::optional<WaterIntensity> water_intensity;    ///< evaporated in power stations, per energy of the facility (EWIF)

  void describe(Fields& fields);
};

/// Heat passed on to neighbours. Stated and printed; not credited in energy, carbon or water.
struct HeatReuse {
  std::string use;              ///< for people: where the heat goes
  std::optional<double> share;  ///< of the facility's energy (energy reuse factor), where it is known

  void describe(Fields& fields);
};

/// What `platforms/sites/*.yaml` holds.
struct Site {
  std::string name;
  double pue = 1;                     ///< facility energy over IT energy
  std::optional<WaterIntensity> wue;  ///< water evaporated on site, per IT energy
  Grid grid;
  std::optional<EnergyPrice> electricity_price;
  std::optional<HeatReuse> heat_reuse;

  void describe(Fields& fields);
};

/// What a reader of the results should know about this site, one sentence each.
std::vector<std::string> notes_on(const Site& site);

}  // namespace traingrid

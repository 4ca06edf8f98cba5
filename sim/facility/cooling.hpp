// A site's cooling: which plant, its parts, and its water where that is not physics.
#pragma once

#include "facility/chilled_water.hpp"
#include "facility/direct_to_chip.hpp"
#include "facility/outside_air.hpp"
#include "input/fields.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Water per IT energy as a polynomial of the wet bulb in °F, times cycles / (cycles − 1): Li et al. 2023's own, which
/// says more than evaporation can be. For reproduction only.
struct WaterPolynomial {
  std::vector<double> l_per_kwh;  ///< coefficients, the constant first
  double cycles = 0;
  WaterIntensity least;

  void describe(Fields& fields);
  WaterIntensity at(Temperature wet_bulb) const;
};

/// What `platforms/plants/*.yaml` holds.
struct Cooling {
  std::string name;
  std::string plant;      ///< of kPlants
  std::string air_plant;  ///< what cools the rest of a direct-to-chip plant
  std::optional<ChilledWater> chilled_water;
  std::optional<DirectToChip> direct_to_chip;
  std::optional<OutsideAir> outside_air;
  std::optional<WaterPolynomial> li2023;  ///< instead of the plant's own water

  void describe(Fields& fields);
};

Cooled cool_by_chilled_water(const Cooling& cooling, const HeatLoad& load, const Air& air);
Cooled cool_by_direct_to_chip(const Cooling& cooling, const HeatLoad& load, const Air& air);
Cooled cool_by_outside_air(const Cooling& cooling, const HeatLoad& load, const Air& air);

/// One file and one line each. The plant `constant` is a site's `pue` and `wue` and has no parts.
struct CoolingPlant {
  std::string_view name;
  std::string_view summary;
  Cooled (*cool)(const Cooling& cooling, const HeatLoad& load, const Air& air);
};
inline constexpr std::array kCoolingPlants{
    CoolingPlant{"chilled-water", "air handlers, chiller and tower, with a water-side economiser",
                 cool_by_chilled_water},
    CoolingPlant{"direct-to-chip", "liquid to the chips and a dry cooler with wetted pads; the rest by an air plant",
                 cool_by_direct_to_chip},
    CoolingPlant{"outside-air", "outside air with direct evaporation; closed when it is humid", cool_by_outside_air},
};

/// What the plant takes, with the site's choice of water.
Cooled cool(const Cooling& cooling, const HeatLoad& load, const Air& air);

std::vector<std::string> notes_on(const Cooling& cooling);

}  // namespace traingrid

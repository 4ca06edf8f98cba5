// Liquid to the chips and a dry cooler outside, with wetted pads on hot days; what the liquid does not take, an air
// plant does.
#pragma once

#include "facility/heat.hpp"
#include "input/fields.hpp"

namespace traingrid {

struct DirectToChip {
  double liquid_fraction = 0;     ///< of the IT heat
  Temperature supply;             ///< to the racks
  double rise_k = 0;              ///< in the racks
  double pump = 0, fan = 0;       ///< of the distribution units and the dry cooler, at full speed per design IT power
  Temperature design_air;         ///< at which the fans run at full speed
  double least_difference_k = 0;  ///< between return and air, with which fans are sized
  double pad_difference_k = 0;    ///< between the middle of the loop and the air past the pads, at least
  double effectiveness = 0;       ///< of the pads: of the way from dry to wet bulb
  double cycles = 0;              ///< of concentration of their water

  void describe(Fields& fields);
  Temperature back() const { return supply + rise_k; }
};

/// The liquid's part alone.
Cooled cool_with(const DirectToChip& plant, const HeatLoad& load, const Air& air);

}  // namespace traingrid

// Air-cooled rooms on chilled water: air handlers, a chiller, a tower, and an exchanger between the two that takes over
// when the tower's water is cold enough (integrated water-side economiser).
#pragma once

#include "facility/chiller.hpp"
#include "facility/heat.hpp"
#include "facility/tower.hpp"

namespace traingrid {

struct ChilledWater {
  Temperature supply, back;  ///< of the chilled water
  double fan = 0, pump = 0;  ///< power at full speed, per design IT power
  double speed_floor = 0;    ///< of fans and pumps
  bool economiser = true;
  double exchanger_k = 0;   ///< kelvin lost between tower and chilled water
  double chiller_size = 1;  ///< capacity over design IT power
  Chiller chiller;
  Tower tower;

  void describe(Fields& fields);
};

Cooled cool_with(const ChilledWater& plant, const HeatLoad& load, const Air& air);

}  // namespace traingrid

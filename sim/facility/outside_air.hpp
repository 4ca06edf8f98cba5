// Outside air straight through the rooms, wetted when it is warm; closed, with air-cooled compressors, when it is
// humid.
#pragma once

#include "facility/heat.hpp"
#include "input/fields.hpp"

namespace traingrid {

struct OutsideAir {
  Temperature supply;        ///< wetting holds it
  double effectiveness = 0;  ///< of wetting: of the way from dry to wet bulb
  double cycles = 0;         ///< of concentration
  double rise_k = 0;         ///< of the air in the rooms
  double fan = 0;            ///< power at full speed, per design IT power
  double speed_floor = 0;
  Temperature closed_above;  ///< dew point above which the rooms are closed
  double closed_cop = 0;     ///< of the compressors then, at `closed_at`
  Temperature closed_at;
  double closed_loss_per_kelvin = 0;
  Temperature trimmed_above;  ///< supply above which compressors help
  double trim_cop = 0;

  void describe(Fields& fields);
};

Cooled cool_with(const OutsideAir& plant, const HeatLoad& load, const Air& air);

}  // namespace traingrid

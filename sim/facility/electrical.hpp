// The electrical chain between the racks and the meter: converters in a row, each with a loss that follows its load,
// and what else the building draws.
#pragma once

#include "facility/heat.hpp"
#include "input/fields.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// A point of an efficiency curve.
struct EfficiencyPoint {
  double load = 0;  ///< over the converter's rating
  double efficiency = 1;

  void describe(Fields& fields);
};

/// Converters of one kind, side by side: input = (output + standby) / efficiency.
struct Converter {
  std::string name;
  double efficiency = 1;               ///< at any load, if there is no curve
  std::vector<EfficiencyPoint> curve;  ///< by rising load; between its points straight lines, beyond them level
  double rating = 1;                   ///< output at full load over the design IT power
  Watts standby;                       ///< of one of them
  double units = 1;

  void describe(Fields& fields);

  double efficiency_at(double load) const;
  Watts input(Watts output, Watts design) const;
};

/// What `platforms/chains/*.yaml` holds.
struct Chain {
  std::string name;
  std::vector<Converter> converters;  ///< from the racks to the meter
  double other = 0;                   ///< lighting, security, …: share of the design IT power, always on
  double room_share = 1;              ///< of all that, what ends as heat that the plant must carry away

  void describe(Fields& fields);

  Watts loss(Watts it, Watts design) const;
  /// What the plant must carry away.
  HeatLoad heat(Watts it, Watts design) const;
};

}  // namespace traingrid

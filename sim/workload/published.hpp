// What was published about a run: the few inputs that a replay works from, and figures to print beside ours.
// Never read by a simulation.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <map>
#include <optional>
#include <string>

namespace traingrid {

/// A published result, shown beside ours and never used in a computation.
struct Figure {
  double value = 0;  ///< in the unit at the end of the figure's name
  std::string source;

  void describe(Fields& fields);
  friend bool operator==(const Figure&, const Figure&) = default;
};

/// The `published` section of a run. Time is given in exactly one way (FLOP and rate, duration, or accelerator-hours)
/// and power in exactly one (power per accelerator, or IT energy): describe() reports anything else, so a block that
/// was read without a problem is either replayable or holds figures only.
struct Published {
  std::optional<Flop> training_flop;
  std::optional<double> accelerators;
  std::optional<FlopRate> flops_per_accelerator;
  std::optional<Seconds> duration;
  std::optional<Seconds> accelerator_hours;
  std::optional<Watts> power_per_accelerator;
  bool power_includes_hosts = false;  ///< host, NIC, fans, PSU and fabric are inside power_per_accelerator
  std::optional<Joules> it_energy;
  std::map<std::string, Figure> figures;  ///< by field of the result: "duration.days", "energy.facility_mwh", …

  void describe(Fields& fields);

  /// Whether the block holds what a replay needs.
  bool replayable() const;
  friend bool operator==(const Published&, const Published&) = default;
};

}  // namespace traingrid

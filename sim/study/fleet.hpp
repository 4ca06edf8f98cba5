// A fleet of machines like the one of a run, all at its work the whole year: what it takes, and how large it is if one
// of these figures is given. Everything is proportional to the number of machines.
#pragma once

#include "study/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A figure of the fleet, named like `facility_mwh`, with its unit at the end.
struct FleetFigure {
  std::string_view name, about;
  std::optional<double> machine, fleet;  ///< of the run's own machine, and of the fleet; empty if the run lacks it
};

struct Fleet {
  double machines = 0;
  std::vector<FleetFigure> figures;
};

/// What is given about the fleet: `withdrawn_m3` = 4.2e9.
struct FleetTarget {
  std::string name;
  double value = 0;
};

/// "accelerators=100000"; throws InputError with the known names.
FleetTarget parse_fleet_target(const std::string& text);

/// Throws InputError if the run lacks the figure. `server_cost` is the price of a server's share over that of the bare
/// accelerator, `margin` what of the revenue remains beyond the cost of ownership.
Fleet fleet_of(const Result& result, const FleetTarget& target, double server_cost, double margin);

}  // namespace traingrid

// Which number of a measured row is compared with a simulated step: a time if it states one, else a throughput, a rate
// of arithmetic or a utilisation, else what follows from the time of a whole run.
#pragma once

#include "input/node.hpp"
#include "units/quantity.hpp"

#include <string>
#include <string_view>

namespace traingrid {

/// The published number, and how a simulated step compares with it.
struct StepTarget {
  std::string quantity;  ///< the field of the row; empty if it has none that is compared
  double value = 0;
  double factor = 1;           ///< the quantity, of a step that takes one second
  bool is_throughput = false;  ///< it falls with the time of a step
  double of(Seconds step) const { return is_throughput ? factor / (step / second) : factor * (step / second); }
};

/// What a step processes; zeros if unknown. FLOP are those of all accelerators as the publisher counts them: of the
/// model, with recomputation, and in a rate that does not say which.
struct StepSize {
  double tokens = 0, accelerators = 1;
  double model_flop = 0, hardware_flop = 0, plain_flop = 0;
  double peak = 1;  ///< FLOP per second of one accelerator, for utilisations
};
StepTarget step_target(const Node& record, const StepSize& size);

/// Whether the field says what was measured, not what was run.
bool is_measured(std::string_view field);

}  // namespace traingrid

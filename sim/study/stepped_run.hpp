// The hours of a published run whose row states model, batch and accelerators: one step simulated, times its steps.
#pragma once

#include "input/node.hpp"
#include "study/reference_systems.hpp"
#include "study/validate_steps.hpp"

#include <optional>
#include <string>

namespace traingrid {

struct SteppedHours {
  std::optional<double> hours;
  std::string reason;  ///< why there are none, of a row that states layers, batch and accelerators
};

/// Accelerators × steps × time of a step, in hours; nothing where the row does not state what a step is. Fields that
/// were measured are not read.
SteppedHours stepped_hours(const Node& row, const ReferenceSystems& systems, const StepValidation& steps);

}  // namespace traingrid

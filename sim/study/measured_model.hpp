// The model of a measured row: as its fields say, and where they do not, as the catalogue or its family does.
#pragma once

#include "study/record_fields.hpp"
#include "study/step_systems.hpp"

namespace traingrid {

/// Why the model cannot be simulated, or nothing.
std::string measured_model(const RecordFields& fields, const StepSystems& systems, Model& model);

}  // namespace traingrid

// The model of a measured row: as its fields say, and where they do not, as the catalogue or its family does.
#pragma once

#include "study/record_fields.hpp"
#include "study/step_systems.hpp"

#include <map>
#include <string>

namespace traingrid {

/// Why the model cannot be simulated, or nothing.
/// The catalogue is that of models by name, which rows may write with other signs between letters and digits.
std::string measured_model(const RecordFields& fields, const StepSystems& systems,
                           const std::map<std::string, Model>& catalogue, Model& model);

}  // namespace traingrid

// Batch and layout of a measured row: as its fields say, and where they do not, as its software used to.
#pragma once

#include "study/record_fields.hpp"
#include "study/step_systems.hpp"

namespace traingrid {

/// Of `number`, not larger than `most`.
int largest_divisor(int number, int most);

/// Why they cannot be simulated, or nothing. Model, software and precision of the run are known.
std::string measured_layout(const RecordFields& fields, const ReleaseHabits& habits, int accelerators, Run& run);

}  // namespace traingrid

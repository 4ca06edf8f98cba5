// Published training steps without simulating them: what was run, and what it held in memory.
#pragma once

#include "report/listing.hpp"
#include "study/measured_step.hpp"

#include <vector>

namespace traingrid {

/// As `run` looks for the nearest step. Rows that cannot be resolved are left out.
Listing features_listing(const std::vector<MeasuredStep>& steps);

/// Memory of the fullest stage by our count, and how much of the accelerator's that is.
Listing memory_listing(const std::vector<MeasuredStep>& steps);

}  // namespace traingrid

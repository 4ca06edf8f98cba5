// What a published training step must have held in memory by our count, beside what its accelerators have: a step that
// ran fitted, so a count beyond that is wrong, or the row does not say all that was done to make it fit.
#pragma once

#include "study/measured_step.hpp"
#include "workload/memory.hpp"

#include <string>
#include <vector>

namespace traingrid {

struct StepMemory {
  std::string reason;             ///< why nothing can be said; empty if it can
  std::vector<MemoryTerm> terms;  ///< of the fullest stage
  std::size_t stage = 0;
  Bytes capacity;
  bool fits() const { return total(terms) <= capacity; }
};

StepMemory step_memory(const Run& run, const Cluster& cluster);

}  // namespace traingrid

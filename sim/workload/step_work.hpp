// The arithmetic of a step, counted from its program.
#pragma once

#include "workload/program.hpp"

namespace traingrid {

/// Work of one step over all ranks, from the matrix multiplications of the program; attention counts as executed, and
/// experts as if all saw as many tokens.
struct StepWork {
  Flop model;       ///< forward and backward
  Flop recomputed;  ///< executed again
};
StepWork step_work(const Program& program);

}  // namespace traingrid

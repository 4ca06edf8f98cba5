// One training step of a transformer as a Program: layers, recomputation, tensor, pipeline and data parallel transfers.
#pragma once

#include "workload/layout.hpp"
#include "workload/program.hpp"
#include "workload/run.hpp"

namespace traingrid {

/// Ranks in Megatron's order on accelerators 0, 1, 2, …: the rest of the cluster are spares.
Program training_step(const Run& run, const Layout& layout, int micro_batches);

/// Work of one step over all ranks, from the matrix multiplications of the program; attention counts as executed.
struct StepWork {
  Flop model;       ///< forward and backward
  Flop recomputed;  ///< executed again
};
StepWork step_work(const Program& program);

}  // namespace traingrid

// One training step of a transformer as a Program: layers, recomputation, and the transfers of every parallel
// dimension.
#pragma once

#include "workload/layout.hpp"
#include "workload/program.hpp"
#include "workload/run.hpp"
#include "workload/step_work.hpp"

namespace traingrid {

/// A whole step; one whose gradients stay with their replica (local SGD); or forward passes alone, which score data.
enum class StepKind { whole, local, scoring };

/// Ranks in Megatron's order; `place` says on which accelerators they run.
Program training_step(const Run& run, const Layout& layout, int micro_batches, StepKind kind = StepKind::whole);

}  // namespace traingrid

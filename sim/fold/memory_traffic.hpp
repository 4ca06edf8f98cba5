// Kernels that are limited by memory, as flows on the memory of their accelerator, where transfers compete with them.
#pragma once

#include "cluster/accelerator.hpp"
#include "workload/program.hpp"

namespace traingrid {

/// Each rank sends itself the bytes of a stretch's memory-bound kernels, after all else of the stretch, and goes on
/// when they have arrived; `work` of the receive says which kernels they were. Needs a fabric with memory as a link.
Program with_memory_traffic(Program program, const Accelerator& accelerator);

}  // namespace traingrid

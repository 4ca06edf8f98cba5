// What a rank must hold in its memory: weights, gradients, optimizer states, activations in flight, working space.
#pragma once

#include "units/quantity.hpp"
#include "workload/layout.hpp"
#include "workload/run.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace traingrid {

struct MemoryTerm {
  std::string name;
  Bytes bytes;
};

/// Terms of one rank of a stage. Activations follow Korthikanti et al. 2022 (equations 1 to 4), counted tensor by
/// tensor; the number in flight is read off the schedule.
std::vector<MemoryTerm> stage_memory(const Run& run, const Layout& layout, int micro_batches, int stage);
/// What the host holds for that rank.
std::vector<MemoryTerm> host_memory(const Run& run, const Layout& layout, int micro_batches, int stage);
Bytes total(const std::vector<MemoryTerm>& terms);

/// The terms of every stage, and which of them is the fullest, the first of several.
std::vector<std::vector<MemoryTerm>> memory_by_stage(const Run& run, const Layout& layout, int micro_batches);
std::size_t fullest_stage(const std::vector<std::vector<MemoryTerm>>& stages);

}  // namespace traingrid

#include "study/step_memory.hpp"

#include "workload/layout.hpp"

namespace traingrid {

StepMemory step_memory(const Run& run, const Cluster& cluster) {
  StepMemory memory{.reason = {}, .terms = {}, .capacity = cluster.accelerator.memory.capacity};
  const LayoutOutcome outcome = resolve_layout(run, cluster);
  memory.reason = outcome.reason;
  if (!outcome.layout) return memory;
  const MicroBatches micro = micro_batches(run, *outcome.layout, run.batch);
  memory.reason = micro.reason;
  if (!memory.reason.empty()) return memory;
  auto stages = memory_by_stage(run, *outcome.layout, micro.count);
  memory.stage = fullest_stage(stages);
  memory.terms = std::move(stages[memory.stage]);
  return memory;
}

}  // namespace traingrid

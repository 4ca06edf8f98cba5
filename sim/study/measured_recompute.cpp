#include "study/measured_recompute.hpp"

#include "study/measured_layout.hpp"
#include "study/step_memory.hpp"
#include "workload/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace traingrid {
namespace {

/// What cannot be laid out is no question of memory.
bool fits(const Run& run, const Cluster& cluster) {
  const StepMemory memory = step_memory(run, cluster);
  return !memory.reason.empty() || memory.fits();
}

bool has(const Model& model, RecomputeModule module) {
  switch (module) {
    case RecomputeModule::mla_up_proj:
      return model.latent_attention();
    case RecomputeModule::mlp:
      return model.first_k_dense_replace > 0 || model.moe_layer_freq > 1;
    case RecomputeModule::shared_experts:
      return model.shared_expert_intermediate_size > 0;
    default:
      return true;
  }
}

int largest_chunk(const Run& run, const Cluster& cluster) {
  const LayoutOutcome outcome = resolve_layout(run, cluster);
  return outcome.layout ? std::ranges::max(outcome.layout->layers) : 0;
}

bool repeat_parts(const ReleaseHabits& habits, const Cluster& cluster, Run& run) {
  if (run.model.num_experts == 0) return false;
  run.recompute = Recompute::selective;
  run.recompute_modules.clear();
  for (const RecomputeModule module : habits.recompute_modules) {
    if (!has(run.model, module)) continue;
    run.recompute_modules.push_back(module);
    if (fits(run, cluster)) return true;
  }
  return false;
}

bool repeat_layers(const Cluster& cluster, Run& run) {
  if (run.parallelism.sharding != Sharding::parameters) return false;
  run.recompute = Recompute::full;
  run.recompute_modules.clear();
  const int most = largest_chunk(run, cluster);
  for (int layers = 1; layers <= most; ++layers) {
    run.recompute_layers = layers;
    if (fits(run, cluster)) return true;
  }
  return false;
}

}  // namespace

void shrink_micro_batch(const Cluster& cluster, Run& run) {
  Run smaller = run;
  while (smaller.micro_batch > 1 && !fits(smaller, cluster))
    smaller.micro_batch = largest_divisor(run.micro_batch, smaller.micro_batch - 1);
  if (fits(smaller, cluster)) run.micro_batch = smaller.micro_batch;
}

std::string assume_recomputation(const ReleaseHabits& habits, const Cluster& cluster, Run& run) {
  if (!run.model.operators.empty() || fits(run, cluster)) return "";
  if (Run parts = run; repeat_parts(habits, cluster, parts)) {
    run = parts;
    std::vector<std::string_view> names;
    for (const RecomputeModule module : run.recompute_modules) names.push_back(spelling(module));
    return fmt::format("recomputes {}, as it would not fit else", fmt::join(names, ", "));
  }
  if (Run layers = run; repeat_layers(cluster, layers)) {
    run = layers;
    return fmt::format("recomputes {} layers of each model chunk, as it would not fit else", *run.recompute_layers);
  }
  return "does not fit by our count";
}

}  // namespace traingrid

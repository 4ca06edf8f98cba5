#include "collective/plan.hpp"

#include <stdexcept>

namespace traingrid {

Plan plan(const Tuning& tuning, Collective kind, Bytes, const GroupShape& shape) {
  Plan plan{{}, "ring", "the only algorithm"};
  if (shape.members < 2) return plan;
  for (const Phase& phase : find_algorithm(plan.algorithm)->phases(kind, shape)) {
    plan.parts.push_back({phase.flows, phase.volume,
                          phase.scale_up_steps * tuning.scale_up.latency + phase.network_steps * tuning.network.latency,
                          phase.network_steps});
  }
  return plan;
}

}  // namespace traingrid

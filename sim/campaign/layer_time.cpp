#include "campaign/layer_time.hpp"

#include "engine/evaluate.hpp"
#include "workload/layer_passes.hpp"
#include "workload/layout.hpp"
#include "workload/placement.hpp"

namespace traingrid {

LayerTime layer_time(const Run& run, const Cluster& cluster, const Tuning& tuning) {
  const LayoutOutcome outcome = resolve_layout(run, cluster);
  if (!outcome.layout) return {outcome.reason, {}, {}};
  if (outcome.layout->pipeline > 1) return {"a layer by itself has no pipeline", {}, {}};
  const auto fabric = build_fabric(cluster);
  const auto time_of = [&](LayerPasses passes) {
    const Program program = layer_passes(run, *outcome.layout, passes);
    const PlacedProgram placed{&program, place(run.placement, *outcome.layout, cluster)};
    return evaluate({cluster, *fabric, tuning}, {}, placed).trace.end;
  };
  const Seconds forward = time_of(LayerPasses::forward);
  return {"", forward, time_of(LayerPasses::both) - forward};
}

}  // namespace traingrid

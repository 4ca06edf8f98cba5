// Which rank does what: sizes of the parallel dimensions resolved on a cluster, layers per stage, ranks in Megatron's
// order.
#pragma once

#include "cluster/cluster.hpp"
#include "workload/run.hpp"
#include "workload/schedule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Layout {
  int tensor = 1, pipeline = 1, context = 1, data = 1, virtual_stages = 1;
  std::vector<int> layers;  ///< by virtual stage (chunk · pipeline + stage)

  int ranks() const { return tensor * context * data * pipeline; }
  int virtual_stage(int stage, int chunk) const { return chunk * pipeline + stage; }
  int last_virtual_stage() const { return pipeline * virtual_stages - 1; }
  /// Tensor ranks are neighbours, then context, then data; pipeline stages are outermost.
  int rank(int stage, int replica, int context_rank, int tensor_rank) const {
    return ((stage * data + replica) * context + context_rank) * tensor + tensor_rank;
  }
  PipelineShape shape(int micro_batches) const { return {pipeline, virtual_stages, micro_batches}; }
};

/// The layout of a run on a cluster, or the reason why there is none: an infeasible design is a result, not an error.
struct LayoutOutcome {
  std::optional<Layout> layout;
  std::string reason;
};
LayoutOutcome resolve_layout(const Run& run, const Cluster& cluster);

/// Weights of a model chunk on each of its tensor ranks; every weight counts as shared evenly, norms and biases too.
double chunk_parameters(const Model& model, const Layout& layout, int virtual_stage);

/// Micro-batches per step and replica for a batch, or the reason why the batch does not fit the layout.
struct MicroBatches {
  int count = 0;
  std::string reason;
};
MicroBatches micro_batches(const Run& run, const Layout& layout, std::int64_t batch);

}  // namespace traingrid

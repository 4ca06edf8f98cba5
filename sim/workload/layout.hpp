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
  bool v_shaped = false;  ///< chunks go down the stages and up again (two of them)
  int expert = 1, expert_tensor = 1;
  Sharding sharding = Sharding::none;
  int expert_nodes = 1;     ///< nodes that an expert group spreads over, if its tokens go there once for each
  int shard_group = 1;      ///< ranks over which parameters are sharded, if they are
  int weight_copies = 1;    ///< of one that is multiplied in a narrow format: as it is, and transposed if need be
  std::vector<int> layers;  ///< by virtual stage, which is the order of the model

  int stage_ranks() const { return tensor * context * data; }
  int ranks() const { return stage_ranks() * pipeline; }
  /// Ranks with equal weights: of what every token passes, and of the experts.
  int replicas() const { return data * context; }
  int expert_replicas() const { return stage_ranks() / (expert_tensor * expert); }
  int virtual_stage(int stage, int chunk) const {
    return v_shaped && chunk == 1 ? 2 * pipeline - 1 - stage : chunk * pipeline + stage;
  }
  int stage_of(int virtual_stage) const {
    return v_shaped && virtual_stage >= pipeline ? 2 * pipeline - 1 - virtual_stage : virtual_stage % pipeline;
  }
  /// Whether embedding and head are on the same ranks.
  bool ends_meet() const { return stage_of(last_virtual_stage()) == 0; }
  int last_virtual_stage() const { return pipeline * virtual_stages - 1; }
  /// Tensor ranks are neighbours, then context, then data; pipeline stages are outermost.
  int rank(int stage, int replica, int context_rank, int tensor_rank) const {
    return ((stage * data + replica) * context + context_rank) * tensor + tensor_rank;
  }
  /// The ranks of a stage once more, as experts see them: those that share an expert are neighbours, then those that
  /// share out the experts of a layer, then replicas; Megatron takes no notice of tensor and context here.
  int expert_rank(int stage, int replica, int expert_index, int expert_tensor_rank) const {
    return ((stage * expert_replicas() + replica) * expert + expert_index) * expert_tensor + expert_tensor_rank;
  }
  /// The layer of the model that a model chunk begins with.
  int first_layer(int virtual_stage) const;
  PipelineShape shape(int micro_batches) const { return {pipeline, virtual_stages, micro_batches}; }
};

/// Layers of each of `parts` model chunks, as even as they can be where they do not divide: in order, as many as a fair
/// share rounded up, with what stands behind the last layer (head, multi-token prediction) counted as layers.
std::vector<int> uneven_layers(int layers, int behind, int parts);

/// The layout of a run on a cluster, or the reason why there is none: an infeasible design is a result, not an error.
struct LayoutOutcome {
  std::optional<Layout> layout;
  std::string reason;
};
LayoutOutcome resolve_layout(const Run& run, const Cluster& cluster);

/// Weights on each rank of a stage: of a layer, of a module of multi-token prediction, and of a model chunk. Every
/// weight counts as shared evenly, those of norms, biases and routers too.
Weights layer_share(const Model& model, const Layout& layout, int layer);
Weights prediction_share(const Model& model, const Layout& layout);
Weights chunk_weights(const Model& model, const Layout& layout, int virtual_stage);
double chunk_parameters(const Model& model, const Layout& layout, int virtual_stage);

/// Those of a model chunk that are trained: all, or its adapters.
Weights trained_weights(const Run& run, const Layout& layout, int virtual_stage);

/// Of these weights of a rank, those whose optimizer states it holds and updates.
double optimizer_share(const Layout& layout, Weights weights);

/// Micro-batches per step and replica for a batch, or the reason why the batch does not fit the layout.
struct MicroBatches {
  int count = 0;
  std::string reason;
};
MicroBatches micro_batches(const Run& run, const Layout& layout, std::int64_t batch);

}  // namespace traingrid

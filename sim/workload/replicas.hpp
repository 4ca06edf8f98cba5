// What replicas exchange in a step, gradients and parameters, and when.
#pragma once

#include "workload/block_builder.hpp"
#include "workload/layout.hpp"
#include "workload/schedule.hpp"
#include "workload/training_step.hpp"

#include <vector>

namespace traingrid {

/// The visits after which a chunk's gradients are complete; if they are sharded, those after which another chunk's turn
/// comes, so that only one chunk's gradients are whole at a time.
std::vector<bool> reducing_visits(const Layout& layout, const std::vector<Visit>& visits);

/// Writes those operations into blocks. Under LoRA only adapters are trained and exchanged.
class Replicas {
 public:
  Replicas(const Run& run, const Layout& layout, int micro_batches, StepKind kind)
      : run_(run), layout_(layout), micro_batches_(micro_batches), kind_(kind), shape_(run, layout) {}

  bool fully_sharded() const { return layout_.sharding == Sharding::parameters; }
  bool gathers_once() const { return !fully_sharded() && layout_.sharding != Sharding::none; }

  /// Weights of a layer on a rank, and of all else in its chunk: embedding, head.
  Weights layer(int number) const { return layer_share(run_.model, layout_, number); }
  Weights others(int virtual_stage) const;
  /// Those of them that are trained: all, or the layers' adapters.
  Weights trained(Weights all, int layers) const;
  /// Those that are gathered: all where every rank keeps a part, else what the optimizer updated.
  Weights gathered(Weights all, int layers) const { return fully_sharded() ? all : trained(all, layers); }
  /// Layers that are gathered at once, from this one on: one, or as many as fill a bucket.
  int bucket_end(int begin, int end) const;

  /// A bucket ahead of its use: while the layers before it compute. Sharded parameters every time; those that every
  /// rank keeps once a step, after the optimizer updated its part of them.
  void gather_parameters(BlockBuilder& block, Weights weights) const;
  /// That of the layers from `begin` on, if there are any before `end`.
  void gather_bucket(BlockBuilder& block, int begin, int end) const;
  /// Of the same stage, while the micro-batches of this one pass (Megatron-LM, schedules.py: param_sync_func).
  void gather_next_chunk(BlockBuilder& block, int virtual_stage) const;
  void wait_for_parameters(BlockBuilder& block) const;
  /// All at once after the optimizer, where nothing gathers them ahead.
  void gather_updated(BlockBuilder& block, Weights weights) const;

  /// Fused with the multiplication that makes them, sums are read beyond what that writes; else new gradients are read,
  /// and sums read and written.
  void accumulate_gradients(BlockBuilder& block, Weights weights) const;
  void reduce_gradients(BlockBuilder& block, Weights weights, bool asynchronous) const;
  /// With error feedback: gradient and residual are read, residual and message written (Vogels et al. 2019,
  /// arXiv 1905.13727). What is compressed can be added up, as low ranks and few bits can.
  void compress_gradients(BlockBuilder& block, Weights weights) const;
  /// All sums of gradients done, those over the groups of hybrid sharding and over the tied embedding too.
  void settle_gradients(BlockBuilder& block, Weights weights, int stage) const;

 private:
  Weights bucket(int begin, int end) const;
  /// What replicas exchange of the gradient of one weight.
  Bytes exchanged_gradient() const { return run_.software.gradient_bytes / run_.gradient_compression * byte; }
  bool tied_embeddings() const { return !run_.lora && run_.model.tie_word_embeddings && !layout_.ends_meet(); }

  const Run& run_;
  const Layout& layout_;
  int micro_batches_;
  StepKind kind_;
  RankShape shape_;
};

}  // namespace traingrid

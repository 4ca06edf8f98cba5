// What the ranks of a stage do for one layer, forward and backward: attention, then an MLP or experts, with what they
// exchange in between.
#pragma once

#include "workload/block_builder.hpp"

namespace traingrid {

/// Appends to blocks. Between layers every rank holds activations (and gradients) of all its tokens; experts without a
/// shared one need only those of the tensor rank's own tokens, so what gathers them is left out before such a layer.
class LayerProgram {
 public:
  LayerProgram(const Run& run, const RankShape& shape) : run_(run), model_(run.model), shape_(shape) {}

  void forward(BlockBuilder& block, int layer, Term term) const;
  /// What recomputation repeats of a layer.
  void recompute(BlockBuilder& block, int layer) const;
  void backward(BlockBuilder& block, int layer) const;

  /// f and g of Megatron-LM: an all-reduce, or with sequence parallelism a reduce-scatter and an all-gather.
  void sum_over_tensor(BlockBuilder& block, bool gather = true) const;
  /// Sums gradients for the layer (or, for -1, the embedding) that comes next on the way back.
  void sum_gradients_for(BlockBuilder& block, int layer) const;

 private:
  bool routes_only(int layer) const;
  void attention_forward(BlockBuilder& block, Term term) const;
  void attention_backward(BlockBuilder& block) const;
  void experts_forward(BlockBuilder& block, Term term) const;
  void experts_backward(BlockBuilder& block) const;
  void core(BlockBuilder& block, Term term, Operators (*operators)(const RankShape&, std::int64_t)) const;
  void gather_over_tensor(BlockBuilder& block) const;
  void exchange(BlockBuilder& block) const;
  void exchange_back(BlockBuilder& block) const;

  const Run& run_;
  const Model& model_;
  const RankShape& shape_;
};

}  // namespace traingrid

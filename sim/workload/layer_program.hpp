// What the ranks of a stage do for one layer, forward and backward: attention, then an MLP or experts, with what they
// exchange in between.
#pragma once

#include "workload/block_builder.hpp"

namespace traingrid {

/// Appends to blocks. With sequence parallelism a tensor rank holds activations (and gradients) of its own tokens
/// between layers, and gathers those of all before linear layers; without, it holds all of them at all times.
class LayerProgram {
 public:
  LayerProgram(const Run& run, const RankShape& shape) : run_(run), model_(run.model), shape_(shape) {}

  void forward(BlockBuilder& block, int layer, Term term) const;
  /// What recomputation repeats of a layer.
  void recompute(BlockBuilder& block, int layer) const;
  void backward(BlockBuilder& block, int layer) const;

  /// f and g of Megatron-LM: an all-reduce, or with sequence parallelism a reduce-scatter and an all-gather.
  void reduce_over_tensor(BlockBuilder& block, bool backward) const;
  void gather_over_tensor(BlockBuilder& block, Bytes bytes) const;

 private:
  RankShape shape_of(int layer) const;
  void attention_forward(BlockBuilder& block, const RankShape& shape, Term term) const;
  void attention_backward(BlockBuilder& block, const RankShape& shape) const;
  void mlp_forward(BlockBuilder& block, std::int64_t width, Term term) const;
  void mlp_backward(BlockBuilder& block, std::int64_t width) const;
  void experts_forward(BlockBuilder& block, Term term) const;
  void experts_backward(BlockBuilder& block) const;
  void core(BlockBuilder& block, const RankShape& shape, Term term,
            Operators (*operators)(const RankShape&, std::int64_t)) const;
  void gather_inputs(BlockBuilder& block) const { gather_over_tensor(block, shape_.gathered_activation()); }
  void exchange(BlockBuilder& block) const;
  void exchange_back(BlockBuilder& block) const;

  const Run& run_;
  const Model& model_;
  const RankShape& shape_;
};

}  // namespace traingrid

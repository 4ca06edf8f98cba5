// What the ranks of a stage do for one layer, forward and backward: attention, then an MLP or experts, with what they
// exchange in between.
#pragma once

#include "workload/block_builder.hpp"

namespace traingrid {

/// f and g of Megatron-LM: an all-reduce, or with sequence parallelism a reduce-scatter and an all-gather.
void reduce_over_tensor(BlockBuilder& block, const Run& run, const RankShape& shape, bool backward);
void gather_over_tensor(BlockBuilder& block, const Run& run, const RankShape& shape, Bytes bytes);

/// Appends one layer to blocks. With sequence parallelism a tensor rank holds activations (and gradients) of its own
/// tokens between layers, and gathers those of all before linear layers; without, it holds all of them at all times.
class LayerProgram {
 public:
  /// `paired`: another micro-batch is worked on between this one's operations, and hides what software can hide.
  LayerProgram(const Run& run, const RankShape& shape, int layer, bool paired = false)
      : run_(run),
        model_(run.model),
        input_(shape),
        shape_(layer_shape(run, shape, layer)),
        layer_(layer),
        hides_exchange_(paired && run.software.expert_overlap) {}

  void forward(BlockBuilder& block, Term term) const;
  /// What recomputation repeats of it.
  void recompute(BlockBuilder& block) const;
  void backward(BlockBuilder& block) const;

 private:
  /// What the layer is in a model that is a list; else null.
  const ListedOperator* listed() const;
  void attention_forward(BlockBuilder& block, Term term) const;
  void attention_backward(BlockBuilder& block) const;
  void cross_attention_forward(BlockBuilder& block, Term term) const;
  void cross_attention_backward(BlockBuilder& block) const;
  void residual_forward(BlockBuilder& block, Term term) const;
  void residual_backward(BlockBuilder& block) const;
  void mlp_forward(BlockBuilder& block, std::int64_t width, Term term) const;
  void mlp_backward(BlockBuilder& block, std::int64_t width) const;
  void experts_forward(BlockBuilder& block, Term term) const;
  void experts_backward(BlockBuilder& block) const;
  void recompute_mlp(BlockBuilder& block) const;
  void core(BlockBuilder& block, Term term, Operators (*operators)(const RankShape&, std::int64_t)) const;
  void reduce(BlockBuilder& block, bool backward) const { reduce_over_tensor(block, run_, shape_, backward); }
  void gather(BlockBuilder& block) const { gather_over_tensor(block, run_, shape_, shape_.gathered_activation()); }
  void send_to_experts(BlockBuilder& block, double narrowed) const;
  void exchange(BlockBuilder& block, bool forward) const;
  void exchange_back(BlockBuilder& block) const;

  const Run& run_;
  const Model& model_;
  const RankShape& input_;  ///< of an encoder's output, in a layer that attends to it
  RankShape shape_;
  int layer_;
  bool hides_exchange_;
};

}  // namespace traingrid

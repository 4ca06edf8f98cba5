// The operators of a transformer on one rank: matrix multiplications with their true shapes, memory-bound passes
// counted. Vaswani et al. 2017; the Megatron-LM partition of Shoeybi et al. 2019; pass counts of its kernels of 2021;
// flash attention of Dao et al. 2022; latent attention of DeepSeek-AI 2024 (arXiv 2405.04434).
#pragma once

#include "cluster/operator.hpp"
#include "workload/layout.hpp"
#include "workload/precision.hpp"
#include "workload/run.hpp"

#include <optional>
#include <vector>

namespace traingrid {

using Operators = std::vector<Operator>;

constexpr double kMask = 0.5;  // a dropout mask holds one byte where an fp16 activation holds two

/// One rank's share of a micro-batch.
struct RankShape {
  const Model* model;
  std::int64_t micro_batch, sequence, context_sequence;  ///< sequences; tokens of a sequence; of them on this rank
  std::int64_t tensor, context;
  std::int64_t expert, expert_tensor, expert_nodes = 1;
  bool causal = true;
  std::int64_t window = 0;  ///< tokens that one attends to in this layer; 0: all before it
  std::int64_t document;    ///< tokens of a document, which sees nothing of others in its sequence; 0: that is one
  bool apart = false;       ///< keys are those of other ranks, which a token sees all or none of
  bool sequence_parallel, fused_softmax, flash_attention, eager, attention_copies;
  bool fused_permutation, dispatch_to_ranks, weighted_activation, narrow_activation_inputs, fused_experts,
      stashed_experts;
  std::int64_t expert_streams;
  std::string_view attention_kernel;
  const std::vector<int>* attention_head_sizes;  ///< that it has kernels for; empty: for any
  CrossEntropy cross_entropy;
  Precision precision;  ///< of all but linear layers
  Precision linear;     ///< of the operands of linear layers
  Precision sent_to_experts;
  Fp8Recipe fp8_recipe;
  double expert_imbalance;
  std::optional<double> expert_capacity_factor;
  const Adapters* lora;  ///< null: the model's weights are trained

  RankShape(const Run& run, int tensor_ranks, int context_ranks, int expert_ranks = 1, int expert_tensor_ranks = 1);
  RankShape(const Run& run, const Layout& layout);
  std::int64_t tokens() const { return micro_batch * context_sequence; }
  /// Heads of keys and values on this rank; tensor ranks beyond their number hold copies.
  std::int64_t key_heads() const;
  /// A tensor of `width` columns per token on this rank.
  Bytes wide(std::int64_t width) const;
  /// Bytes of an operand of a linear layer as it is kept, over those of a wide tensor; of what an activation reads.
  double kept_operand() const { return element_size(linear) / element_size(precision); }
  double kept_activation_input() const { return narrow_activation_inputs ? kept_operand() : 1; }
  /// The residual stream of this micro-batch, whole or (with sequence parallelism) this rank's part of it.
  Bytes activation() const { return wide(model->hidden_size); }
  Bytes sharded_activation() const;
  /// The residual stream as it is gathered from the tensor ranks for a linear layer: in the format of its operands.
  Bytes gathered_activation() const;
  /// Keys and values of whole sequences for the heads of this rank: what the ranks of a context group exchange.
  Bytes keys_and_values() const;
};

/// The shape of one layer: its window, and in models with an encoder its sequence.
RankShape layer_shape(const Run& run, const RankShape& shape, std::int64_t layer);

/// Bytes of that many wide elements brought into the format of linear layers; nothing where that is wide.
Operators cast(const RankShape& shape, std::int64_t elements);
/// y = x·w forward, and both gradients, each with its own shape, and the casts of what they multiply; frozen weights
/// have no gradient, and their adapters, which are wide, add their products.
Operators linear(const RankShape& shape, std::string_view name, std::int64_t in, std::int64_t out);
Operators linear_backward(const RankShape& shape, std::string_view name, std::int64_t in, std::int64_t out);

/// Attention up to where the ranks of the tensor group must add up, in four parts: norm; projections; the core, on
/// `keys` of the sequence (context parallelism brings them in parts) and what selective recomputation repeats
/// (Korthikanti et al. 2022); the output projection. With latent attention every tensor rank computes all of the
/// compressed queries, keys and values.
Operators attention_norm_forward(const RankShape& shape);
Operators attention_input_forward(const RankShape& shape);
/// Of that, what comes after the first projection: queries, keys and values from latent vectors, and their rotation.
Operators attention_up_forward(const RankShape& shape);
Operators attention_core_forward(const RankShape& shape, std::int64_t keys);
Operators attention_output_forward(const RankShape& shape);
Operators attention_output_backward(const RankShape& shape);
Operators attention_core_backward(const RankShape& shape, std::int64_t keys);
Operators attention_input_backward(const RankShape& shape);

/// What attention around a ring of context ranks does beside its kernels: halves of queries and keys put where those
/// read them, parts of the output and of the gradients added up (Transformer Engine 1.5, attention.py, AttnFuncWithCP).
Operators ring_forward(const RankShape& shape);
Operators ring_backward(const RankShape& shape);

/// Attention of a decoder's tokens to all of an encoder's output, up to where tensor ranks must add up.
Operators cross_attention_forward(const RankShape& decoder, const RankShape& encoder);
Operators cross_attention_backward(const RankShape& decoder, const RankShape& encoder);

/// Passes over what the function between two linear layers gives, of a dense layer or of experts.
double activation_passes(const Model& model, bool backward);
/// The MLP of a dense layer with its norm, up to where the ranks of the tensor group must add up.
Operators mlp_norm_forward(const RankShape& shape);
Operators mlp_forward(const RankShape& shape, std::int64_t intermediate_size);
Operators mlp_backward(const RankShape& shape, std::int64_t intermediate_size);
/// Bias, dropout and residual after the sum.
Operators residual_forward(const RankShape& shape);
Operators residual_backward(const RankShape& shape);
Operators embedding_forward(const RankShape& shape);
Operators embedding_backward(const RankShape& shape);
/// Final norm; vocabulary-parallel logits, wide, and cross entropy in fp32.
Operators head_norm_forward(const RankShape& shape);
Operators head_forward(const RankShape& shape);
Operators head_backward(const RankShape& shape);
Operators head_norm_backward(const RankShape& shape);

}  // namespace traingrid

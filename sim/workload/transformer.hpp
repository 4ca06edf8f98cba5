// The operators of a transformer on one rank: matrix multiplications with their true shapes, memory-bound passes
// counted. Vaswani et al. 2017; the Megatron-LM partition of Shoeybi et al. 2019; pass counts of its kernels of 2021.
#pragma once

#include "cluster/operator.hpp"
#include "workload/run.hpp"

#include <vector>

namespace traingrid {

using Operators = std::vector<Operator>;

/// One rank's share of a micro-batch.
struct RankShape {
  const Model* model;
  std::int64_t micro_batch, sequence, context_sequence;  ///< sequences; tokens of a sequence; of them on this rank
  std::int64_t tensor;
  bool sequence_parallel, fused_softmax;
  Precision precision;

  RankShape(const Run& run, int tensor_ranks, int context_ranks);
  std::int64_t tokens() const { return micro_batch * context_sequence; }
  /// The residual stream of this micro-batch, whole or (with sequence parallelism) this rank's part of it.
  Bytes activation() const;
  Bytes sharded_activation() const;
};

/// Up to where the ranks of the tensor group must add up: attention with its output projection, then the MLP.
Operators attention_forward(const RankShape& shape);
Operators mlp_forward(const RankShape& shape);
/// Bias, dropout and residual after the sum.
Operators residual_forward(const RankShape& shape);
Operators attention_backward(const RankShape& shape);
Operators mlp_backward(const RankShape& shape);
Operators residual_backward(const RankShape& shape);
/// Attention's core only: what selective recomputation repeats (Korthikanti et al. 2022).
Operators attention_core_forward(const RankShape& shape);

Operators embedding_forward(const RankShape& shape);
Operators embedding_backward(const RankShape& shape);
/// Final norm, vocabulary-parallel logits and cross entropy in fp32.
Operators head_forward(const RankShape& shape);
Operators head_backward(const RankShape& shape);

}  // namespace traingrid

// What a layer of PyTorch's own kernels moves beside what fused ones do. GPT-NeoX 1.0 (EleutherAI/gpt-neox, March
// 2023), megatron/model/transformer.py and positional_embeddings.py. Nothing where the software fuses them.
#pragma once

#include "workload/transformer.hpp"

namespace traingrid {

/// Around attention: queries, keys and values turned and put side by side for its kernel, its output turned back; the
/// other way their gradients, put together from those of the rotated and the other part of each head.
Operators eager_attention_forward(const RankShape& shape);
Operators eager_attention_backward(const RankShape& shape);
/// Biases, dropout and sums one by one; a parallel residual has a norm for each of its two branches.
Operators eager_residual_forward(const RankShape& shape);
Operators eager_residual_backward(const RankShape& shape);

}  // namespace traingrid

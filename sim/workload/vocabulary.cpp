// What knows the vocabulary: the embedding of tokens, and the head that predicts them, with its loss.
#include "workload/transformer.hpp"

namespace traingrid {
namespace {

/// Passes over the logits, each by the code that makes it: apart, a cast, their maximum (read), the difference and the
/// exponential (read, write each), the sum (read), the quotient (read, write); backward a product (read, write) and a
/// cast (Megatron-LM, tensor_parallel/cross_entropy.py); narrow, the same without casts (--fp16-lm-cross-entropy).
/// Compiled, the cast finds the maximum, the exponential the sum, and the product casts (Megatron Core,
/// fusions/fused_cross_entropy.py). In place, nothing is wider than the logits: they are read for the sum, and turned
/// into their gradient (Transformer Engine, triton/cross_entropy.py).
Bytes cross_entropy(const RankShape& s, std::int64_t columns, bool backward) {
  const Bytes logits = s.wide(columns);
  const Bytes fp32 = static_cast<double>(s.tokens() * columns) * element_size(Precision::fp32) * byte;
  switch (s.cross_entropy) {
    case CrossEntropy::narrow:
      return (backward ? 2 : 8) * logits;
    case CrossEntropy::compiled:
      return logits + (backward ? 1 : 5) * fp32;
    case CrossEntropy::in_place:
      return (backward ? 2 : 3) * logits;
    case CrossEntropy::separate:
      break;
  }
  return logits + (backward ? 3 : 9) * fp32;
}

}  // namespace

Operators embedding_forward(const RankShape& s) {
  const double norm = s.model->embedding_norm ? 2 : 0, positions = s.model->learned_positions ? 2 : 0;
  return {memory_pass("embedding", (2 + positions + norm + (s.model->dropout ? 2 + kMask : 0)) * s.activation())};
}

Operators embedding_backward(const RankShape& s) {
  return {memory_pass("embedding",
                      (2 + (s.model->embedding_norm ? 4 : 0) + (s.model->dropout ? 2 + kMask : 0)) * s.activation())};
}

Operators head_norm_forward(const RankShape& s) { return {memory_pass("final norm", 2 * s.sharded_activation())}; }

Operators head_forward(const RankShape& s) {
  const std::int64_t columns = s.model->vocab_size / s.tensor;
  return {gemm("head", 1, s.tokens(), columns, s.model->hidden_size, s.precision),
          memory_pass("cross entropy", cross_entropy(s, columns, false))};
}

Operators head_backward(const RankShape& s) {
  const std::int64_t columns = s.model->vocab_size / s.tensor, h = s.model->hidden_size;
  Operators list{memory_pass("cross entropy", cross_entropy(s, columns, true)),
                 gemm("head", 1, s.tokens(), h, columns, s.precision),
                 gemm("head", 1, h, columns, s.tokens(), s.precision)};
  list.back().weight_gradient = true;
  return list;
}

Operators head_norm_backward(const RankShape& s) { return {memory_pass("final norm", 4 * s.sharded_activation())}; }

}  // namespace traingrid

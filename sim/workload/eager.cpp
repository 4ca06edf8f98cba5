#include "workload/eager.hpp"

namespace traingrid {
namespace {

constexpr double kCopy = 2, kSum = 3;  // passes: read, write; read two, write
constexpr double kNorm = 2, kNormBackward = 4;

double branches(const RankShape& s) { return s.model->parallel_residual ? 2 : 1; }
double bias(const RankShape& s) { return s.model->bias ? kCopy : 0; }
double dropout(const RankShape& s) { return s.model->dropout ? kCopy : 0; }

Bytes queries(const RankShape& s) { return s.wide(s.model->query_width() / s.tensor); }
Bytes keys(const RankShape& s) { return s.wide(s.key_heads() * s.model->head_dim()); }
Bytes values(const RankShape& s) { return s.wide(s.key_heads() * s.model->value_head_dim()); }
Bytes output(const RankShape& s) { return s.wide(s.model->output_width() / s.tensor); }
Bytes all_three(const RankShape& s) { return queries(s) + keys(s) + values(s); }

/// Gradients of the rotated and of the other part of a head: zeros of the whole for either, the parts copied into them,
/// both added; less the reading and writing that a fused rotation takes, which is counted with it.
constexpr double kParts = 2 + kCopy + kSum - kCopy;

}  // namespace

Operators eager_attention_forward(const RankShape& s) {
  if (!s.eager) return {};
  const double turned = s.flash_attention ? 2 * kCopy : 0;  // each by itself, then side by side
  return {memory_pass("turned for attention", turned * all_three(s)), memory_pass("turned back", kCopy * output(s))};
}

Operators eager_attention_backward(const RankShape& s) {
  if (!s.eager) return {};
  const double parts = s.model->rotary ? kParts : 0;
  return {memory_pass("turned back", (s.flash_attention ? kCopy : 0) * output(s)),
          memory_pass("parts of heads", parts * (queries(s) + keys(s))),
          memory_pass("queries, keys, values together", kCopy * all_three(s))};
}

Operators eager_residual_forward(const RankShape& s) {
  if (!s.eager) return {};
  const double branch = s.model->parallel_residual ? kNorm + kSum : 0;
  return {memory_pass("biases and sums", (branches(s) * (bias(s) + dropout(s)) + branch) * s.sharded_activation())};
}

Operators eager_residual_backward(const RankShape& s) {
  if (!s.eager || !s.model->parallel_residual) return {};
  return {memory_pass("second branch", (kNormBackward + kSum + dropout(s)) * s.sharded_activation())};
}

}  // namespace traingrid

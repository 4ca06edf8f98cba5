#include "workload/transformer.hpp"

namespace traingrid {
namespace {

constexpr double kMask = 0.5;  // a dropout mask holds one byte where an fp16 activation holds two

void append(Operators& list, const Operators& more) { list.insert(list.end(), more.begin(), more.end()); }

Operator passes(std::string_view name, double count, Bytes tensor) { return memory_pass(name, count * tensor); }

/// y = x·w, forward.
Operator linear(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  return gemm(name, 1, s.tokens(), out, in, s.precision);
}

/// Both gradients of y = x·w, each with its own shape.
Operators linear_backward(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  return {gemm(name, 1, s.tokens(), in, out, s.precision), gemm(name, 1, in, out, s.tokens(), s.precision)};
}

/// A tensor of `width` columns per token on this rank.
Bytes wide(const RankShape& s, std::int64_t width) {
  return static_cast<double>(s.tokens() * width) * element_size(s.precision) * byte;
}

std::int64_t heads(const RankShape& s) { return s.micro_batch * s.model->num_attention_heads / s.tensor; }
std::int64_t qkv_width(const RankShape& s) {
  return (s.model->num_attention_heads + 2 * s.model->num_key_value_heads) * s.model->head_dim() / s.tensor;
}
std::int64_t mlp_width(const RankShape& s) { return s.model->intermediate_size / s.tensor; }

/// Scores (or probabilities) of all heads on this rank.
Bytes score_bytes(const RankShape& s) {
  return static_cast<double>(heads(s) * s.context_sequence * s.sequence) * element_size(s.precision) * byte;
}

/// Scale and mask apart from softmax read and write the scores once more each.
double unfused_passes(const RankShape& s) { return s.fused_softmax ? 0 : 4; }

}  // namespace

RankShape::RankShape(const Run& run, int tensor_ranks, int context_ranks)
    : model(&run.model),
      micro_batch(run.micro_batch),
      sequence(run.sequence_length),
      context_sequence(run.sequence_length / context_ranks),
      tensor(tensor_ranks),
      sequence_parallel(run.parallelism.sequence_parallel),
      fused_softmax(run.software.fused_softmax),
      precision(run.precision) {}

Bytes RankShape::activation() const { return wide(*this, model->hidden_size); }
Bytes RankShape::sharded_activation() const {
  return sequence_parallel ? activation() / static_cast<double>(tensor) : activation();
}

Operators attention_core_forward(const RankShape& s) {
  const double dropout = s.model->dropout ? 2 + kMask : 0;  // read, write, mask
  return {gemm("attention scores", heads(s), s.context_sequence, s.sequence, s.model->head_dim(), s.precision),
          passes("softmax and dropout", 2 + dropout + unfused_passes(s), score_bytes(s)),
          gemm("attention values", heads(s), s.context_sequence, s.model->head_dim(), s.sequence, s.precision)};
}

Operators attention_forward(const RankShape& s) {
  Operators list{passes("input norm", 2, s.sharded_activation()),
                 linear(s, "query, key, value", s.model->hidden_size, qkv_width(s))};
  append(list, attention_core_forward(s));
  list.push_back(linear(s, "attention output", s.model->hidden_size / s.tensor, s.model->hidden_size));
  return list;
}

Operators mlp_forward(const RankShape& s) {
  const std::int64_t f = mlp_width(s), up = s.model->gated_mlp ? 2 * f : f;
  return {passes("post-attention norm", 2, s.sharded_activation()), linear(s, "MLP up", s.model->hidden_size, up),
          passes("activation", s.model->gated_mlp ? 3 : 2, wide(s, f)), linear(s, "MLP down", f, s.model->hidden_size)};
}

Operators residual_forward(const RankShape& s) {
  return {passes("bias, dropout, residual", 3 + (s.model->dropout ? kMask : 0), s.sharded_activation())};
}

Operators attention_backward(const RankShape& s) {
  const double bias = s.model->bias ? 1 : 0;
  const double dropout = s.model->dropout ? 2 + kMask : 0;
  const std::int64_t d = s.model->head_dim(), own = s.context_sequence, all = s.sequence;
  Operators list = linear_backward(s, "attention output", s.model->hidden_size / s.tensor, s.model->hidden_size);
  append(list,
         {passes("bias gradient", bias, s.activation()), gemm("attention values", heads(s), own, all, d, s.precision),
          gemm("attention values", heads(s), all, d, own, s.precision),
          passes("softmax and dropout", 3 + dropout + unfused_passes(s), score_bytes(s)),
          gemm("attention scores", heads(s), own, d, all, s.precision),
          gemm("attention scores", heads(s), all, d, own, s.precision),
          passes("bias gradient", bias, wide(s, qkv_width(s)))});
  append(list, linear_backward(s, "query, key, value", s.model->hidden_size, qkv_width(s)));
  return list;
}

Operators mlp_backward(const RankShape& s) {
  const std::int64_t f = mlp_width(s), up = s.model->gated_mlp ? 2 * f : f;
  const double bias = s.model->bias ? 1 : 0;
  Operators list = linear_backward(s, "MLP down", f, s.model->hidden_size);
  append(list,
         {passes("bias gradient", bias, s.activation()), passes("activation", s.model->gated_mlp ? 5 : 3, wide(s, f)),
          passes("bias gradient", bias, wide(s, up))});
  append(list, linear_backward(s, "MLP up", s.model->hidden_size, up));
  return list;
}

Operators residual_backward(const RankShape& s) {
  // norm: gradient, input and output; dropout: read, mask, write; residual: two reads, one write
  return {passes("norm", 4, s.sharded_activation()),
          passes("dropout", s.model->dropout ? 2 + kMask : 0, s.sharded_activation()),
          passes("residual", 3, s.sharded_activation())};
}

Operators embedding_forward(const RankShape& s) {
  const double norm = s.model->embedding_norm ? 2 : 0, positions = s.model->learned_positions ? 2 : 0;
  return {passes("embedding", 2 + positions + norm + (s.model->dropout ? 2 + kMask : 0), s.activation())};
}

Operators embedding_backward(const RankShape& s) {
  return {
      passes("embedding", 2 + (s.model->embedding_norm ? 4 : 0) + (s.model->dropout ? 2 + kMask : 0), s.activation())};
}

Operators head_forward(const RankShape& s) {
  const std::int64_t columns = s.model->vocab_size / s.tensor;
  const Bytes logits = wide(s, columns);
  const Bytes fp32 = static_cast<double>(s.tokens() * columns) * element_size(Precision::fp32) * byte;
  // cast; maximum (read), subtract, exponential (read, write each), sum (read), divide (read, write)
  return {passes("final norm", 2, s.activation()), linear(s, "head", s.model->hidden_size, columns),
          memory_pass("cross entropy", logits + 9 * fp32)};
}

Operators head_backward(const RankShape& s) {
  const std::int64_t columns = s.model->vocab_size / s.tensor;
  const Bytes fp32 = static_cast<double>(s.tokens() * columns) * element_size(Precision::fp32) * byte;
  Operators list{memory_pass("cross entropy", 3 * fp32 + wide(s, columns))};  // scale (read, write), cast
  append(list, linear_backward(s, "head", s.model->hidden_size, columns));
  list.push_back(passes("final norm", 4, s.activation()));
  return list;
}

}  // namespace traingrid

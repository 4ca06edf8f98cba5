#include "workload/transformer.hpp"

#include <algorithm>

namespace traingrid {
namespace {

constexpr double kMask = 0.5;  // a dropout mask holds one byte where an fp16 activation holds two

void append(Operators& list, const Operators& more) { list.insert(list.end(), more.begin(), more.end()); }

Operator passes(std::string_view name, double count, Bytes tensor) { return memory_pass(name, count * tensor); }

std::int64_t heads(const RankShape& s) { return s.micro_batch * s.model->num_attention_heads / s.tensor; }
std::int64_t attention_width(const RankShape& s) { return s.model->attention_width() / s.tensor; }
std::int64_t key_width(const RankShape& s) { return s.model->num_key_value_heads * s.model->head_dim() / s.tensor; }
std::int64_t qkv_width(const RankShape& s) { return attention_width(s) + 2 * key_width(s); }

/// Scores (or probabilities) of all heads on this rank against `keys`.
Bytes score_bytes(const RankShape& s, std::int64_t keys) {
  return static_cast<double>(heads(s) * s.context_sequence * keys) * element_size(s.precision) * byte;
}

/// Scale and mask apart from softmax read and write the scores once more each.
double unfused_passes(const RankShape& s) { return s.fused_softmax ? 0 : 4; }

/// A multiplication inside a fused kernel: what it reads and writes of its operands is said apart.
Operator fused(std::string_view name, Operator product, Bytes bytes) {
  product.name = name;
  product.bytes = bytes;
  return product;
}

/// Queries see half of the keys on average: the kernel leaves out what is masked, and ranks of a context group are
/// balanced.
std::int64_t visible(std::int64_t keys) { return std::max<std::int64_t>(keys / 2, 1); }

/// Half of the keys and values, those of `keys` tokens.
Bytes key_bytes(const RankShape& s, std::int64_t keys) {
  return static_cast<double>(s.micro_batch * keys * key_width(s)) * element_size(s.precision) * byte;
}

Operators flash_forward(const RankShape& s, std::int64_t keys) {
  const std::int64_t d = s.model->head_dim(), own = s.context_sequence, seen = visible(keys);
  const Bytes bytes = s.wide(attention_width(s)) + key_bytes(s, keys);  // queries and keys, then values and output
  return {fused("flash attention scores", gemm("", heads(s), own, seen, d, s.precision), bytes),
          fused("flash attention values", gemm("", heads(s), own, d, seen, s.precision), bytes)};
}

/// Scores once more, then the gradients of values, probabilities, queries and keys.
Operators flash_backward(const RankShape& s, std::int64_t keys) {
  const std::int64_t d = s.model->head_dim(), own = s.context_sequence, seen = visible(keys);
  const Bytes bytes = s.wide(attention_width(s)) + key_bytes(s, keys);
  const auto scores = fused("flash attention scores", gemm("", heads(s), own, seen, d, s.precision), bytes);
  const auto queries = fused("flash attention queries", gemm("", heads(s), own, d, seen, s.precision), bytes);
  const auto keys_or_values = fused("flash attention keys", gemm("", heads(s), seen, d, own, s.precision), bytes);
  return {scores, keys_or_values, scores, queries, keys_or_values};
}

}  // namespace

RankShape::RankShape(const Run& run, int tensor_ranks, int context_ranks, int expert_ranks, int expert_tensor_ranks)
    : model(&run.model),
      micro_batch(run.micro_batch),
      sequence(run.sequence_length),
      context_sequence(run.sequence_length / context_ranks),
      tensor(tensor_ranks),
      context(context_ranks),
      expert(expert_ranks),
      expert_tensor(expert_tensor_ranks),
      sequence_parallel(run.parallelism.sequence_parallel),
      fused_softmax(run.software.fused_softmax),
      flash_attention(run.software.flash_attention),
      precision(run.precision),
      expert_imbalance(run.expert_imbalance) {}

RankShape::RankShape(const Run& run, const Layout& layout)
    : RankShape(run, layout.tensor, layout.context, layout.expert, layout.expert_tensor) {}

Bytes RankShape::wide(std::int64_t width) const {
  return static_cast<double>(tokens() * width) * element_size(precision) * byte;
}
Bytes RankShape::sharded_activation() const {
  return sequence_parallel ? activation() / static_cast<double>(tensor) : activation();
}
Bytes RankShape::keys_and_values() const { return 2 * key_bytes(*this, sequence); }

Operator linear(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  return gemm(name, 1, s.tokens(), out, in, s.precision);
}

Operators linear_backward(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  return {gemm(name, 1, s.tokens(), in, out, s.precision), gemm(name, 1, in, out, s.tokens(), s.precision)};
}

Operators attention_input_forward(const RankShape& s) {
  Operators list{passes("input norm", 2, s.sharded_activation()),
                 linear(s, "query, key, value", s.model->hidden_size, qkv_width(s))};
  if (s.model->rotary) list.push_back(passes("rotary", 2, s.wide(attention_width(s) + key_width(s))));
  return list;
}

Operators attention_core_forward(const RankShape& s, std::int64_t keys) {
  if (s.flash_attention) return flash_forward(s, keys);
  const double dropout = s.model->dropout ? 2 + kMask : 0;  // read, write, mask
  return {gemm("attention scores", heads(s), s.context_sequence, keys, s.model->head_dim(), s.precision),
          passes("softmax and dropout", 2 + dropout + unfused_passes(s), score_bytes(s, keys)),
          gemm("attention values", heads(s), s.context_sequence, s.model->head_dim(), keys, s.precision)};
}

Operators attention_output_forward(const RankShape& s) {
  return {linear(s, "attention output", attention_width(s), s.model->hidden_size)};
}

Operators mlp_norm_forward(const RankShape& s) { return {passes("post-attention norm", 2, s.sharded_activation())}; }

Operators mlp_forward(const RankShape& s, std::int64_t intermediate_size) {
  const std::int64_t f = intermediate_size / s.tensor, up = s.model->gated_mlp ? 2 * f : f;
  return {linear(s, "MLP up", s.model->hidden_size, up), passes("activation", s.model->gated_mlp ? 3 : 2, s.wide(f)),
          linear(s, "MLP down", f, s.model->hidden_size)};
}

Operators residual_forward(const RankShape& s) {
  return {passes("bias, dropout, residual", 3 + (s.model->dropout ? kMask : 0), s.sharded_activation())};
}

Operators attention_output_backward(const RankShape& s) {
  Operators list = linear_backward(s, "attention output", attention_width(s), s.model->hidden_size);
  list.push_back(passes("bias gradient", s.model->bias ? 1 : 0, s.activation()));
  return list;
}

Operators attention_core_backward(const RankShape& s, std::int64_t keys) {
  if (s.flash_attention) return flash_backward(s, keys);
  const double dropout = s.model->dropout ? 2 + kMask : 0;
  const std::int64_t d = s.model->head_dim(), own = s.context_sequence;
  return {gemm("attention values", heads(s), own, keys, d, s.precision),
          gemm("attention values", heads(s), keys, d, own, s.precision),
          passes("softmax and dropout", 3 + dropout + unfused_passes(s), score_bytes(s, keys)),
          gemm("attention scores", heads(s), own, d, keys, s.precision),
          gemm("attention scores", heads(s), keys, d, own, s.precision)};
}

Operators attention_input_backward(const RankShape& s) {
  Operators list{passes("bias gradient", s.model->bias ? 1 : 0, s.wide(qkv_width(s)))};
  if (s.model->rotary) list.push_back(passes("rotary", 2, s.wide(attention_width(s) + key_width(s))));
  append(list, linear_backward(s, "query, key, value", s.model->hidden_size, qkv_width(s)));
  return list;
}

Operators mlp_backward(const RankShape& s, std::int64_t intermediate_size) {
  const std::int64_t f = intermediate_size / s.tensor, up = s.model->gated_mlp ? 2 * f : f;
  const double bias = s.model->bias ? 1 : 0;
  Operators list = linear_backward(s, "MLP down", f, s.model->hidden_size);
  append(list,
         {passes("bias gradient", bias, s.activation()), passes("activation", s.model->gated_mlp ? 5 : 3, s.wide(f)),
          passes("bias gradient", bias, s.wide(up))});
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
  const Bytes logits = s.wide(columns);
  const Bytes fp32 = static_cast<double>(s.tokens() * columns) * element_size(Precision::fp32) * byte;
  // cast; maximum (read), subtract, exponential (read, write each), sum (read), divide (read, write)
  return {passes("final norm", 2, s.activation()), linear(s, "head", s.model->hidden_size, columns),
          memory_pass("cross entropy", logits + 9 * fp32)};
}

Operators head_backward(const RankShape& s) {
  const std::int64_t columns = s.model->vocab_size / s.tensor;
  const Bytes fp32 = static_cast<double>(s.tokens() * columns) * element_size(Precision::fp32) * byte;
  Operators list{memory_pass("cross entropy", 3 * fp32 + s.wide(columns))};  // scale (read, write), cast
  append(list, linear_backward(s, "head", s.model->hidden_size, columns));
  list.push_back(passes("final norm", 4, s.activation()));
  return list;
}

}  // namespace traingrid

#include "workload/transformer.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace traingrid {
namespace {

void append(Operators& list, const Operators& more) { list.insert(list.end(), more.begin(), more.end()); }

Operator passes(std::string_view name, double count, Bytes tensor) { return memory_pass(name, count * tensor); }

std::int64_t heads(const RankShape& s) { return s.micro_batch * s.model->num_attention_heads / s.tensor; }
std::int64_t query_width(const RankShape& s) { return s.model->query_width() / s.tensor; }
std::int64_t key_width(const RankShape& s) { return s.key_heads() * s.model->head_dim(); }
std::int64_t value_width(const RankShape& s) { return s.key_heads() * s.model->value_head_dim(); }
std::int64_t output_width(const RankShape& s) { return s.model->output_width() / s.tensor; }
std::int64_t qkv_width(const RankShape& s) { return query_width(s) + key_width(s) + value_width(s); }

/// A pass whose result only the optimizer needs.
Operator gradient_pass(std::string_view name, double count, Bytes tensor) {
  Operator pass = passes(name, count, tensor);
  pass.weight_gradient = true;
  return pass;
}

/// Scores (or probabilities) of all heads on this rank against `keys`.
Bytes score_bytes(const RankShape& s, std::int64_t keys) {
  return static_cast<double>(heads(s) * s.context_sequence * keys) * element_size(s.precision) * byte;
}

/// Scale and mask apart from softmax read and write the scores once more each.
double unfused_passes(const RankShape& s) { return s.fused_softmax ? 0 : 4; }

/// One kernel that knows the causal mask reads only what it leaves, half, and writes all (Megatron-LM,
/// scaled_upper_triang_masked_softmax.h).
double score_reads(const RankShape& s) { return s.fused_softmax && s.causal ? 0.5 : 1; }

/// A multiplication inside a fused kernel: what it reads and writes of its operands is said apart.
Operator fused(std::string_view name, Operator product, Bytes bytes) {
  product.name = name;
  product.bytes = bytes;
  return product;
}

/// Of `keys` tokens, those that a query sees on average: half, or what of a window lies behind it, or of its document.
/// The kernel leaves out what is masked, and ranks of a context group are balanced.
std::int64_t visible(const RankShape& s, std::int64_t keys) {
  if (s.document > 0 && s.document < s.sequence) {
    RankShape one = s;
    one.document = 0;
    one.sequence = s.document;
    return visible(one, std::max<std::int64_t>(keys * s.document / s.sequence, 1));
  }
  if (!s.causal) return keys;
  if (s.window == 0 || s.window >= s.sequence) return std::max<std::int64_t>(keys / 2, 1);
  const double share = static_cast<double>(s.window) / static_cast<double>(s.sequence);
  return std::max<std::int64_t>(std::llround(static_cast<double>(keys) * (share - share * share / 2)), 1);
}

/// Half of a tensor of keys or of values, which is `width` wide, of `keys` tokens.
Bytes key_bytes(const RankShape& s, std::int64_t keys, std::int64_t width) {
  return static_cast<double>(s.micro_batch * keys * width) * element_size(s.precision) * byte;
}

Operators of_generation(const RankShape& s, bool backward, Operators kernels) {
  for (Operator& kernel : kernels) {
    kernel.fused = s.attention_kernel;
    kernel.backward = backward;
    kernel.unmasked = s.apart || !s.causal;
  }
  return kernels;
}

/// The width of a head in the kernel that takes it.
std::int64_t padded(const RankShape& s, std::int64_t head) {
  const auto next = std::ranges::lower_bound(*s.attention_head_sizes, head);
  return next == s.attention_head_sizes->end() ? head : *next;
}

Operators flash_forward(const RankShape& s, std::int64_t keys) {
  const std::int64_t d = padded(s, s.model->head_dim()), dv = padded(s, s.model->value_head_dim());
  const std::int64_t own = s.context_sequence, seen = visible(s, keys);
  const Bytes queries_and_keys = s.wide(query_width(s)) + key_bytes(s, keys, key_width(s));
  const Bytes values_and_output = s.wide(output_width(s)) + key_bytes(s, keys, value_width(s));
  return of_generation(
      s, false,
      {fused("flash attention scores", gemm("", heads(s), own, seen, d, s.precision), queries_and_keys),
       fused("flash attention values", gemm("", heads(s), own, dv, seen, s.precision), values_and_output)});
}

/// Scores once more, then the gradients of values, probabilities, queries and keys.
Operators flash_backward(const RankShape& s, std::int64_t keys) {
  const std::int64_t d = padded(s, s.model->head_dim()), dv = padded(s, s.model->value_head_dim());
  const std::int64_t own = s.context_sequence, seen = visible(s, keys);
  const Bytes queries_and_keys = s.wide(query_width(s)) + key_bytes(s, keys, key_width(s));
  const Bytes values_and_output = s.wide(output_width(s)) + key_bytes(s, keys, value_width(s));
  return of_generation(
      s, true,
      {fused("flash attention scores", gemm("", heads(s), own, seen, d, s.precision), queries_and_keys),
       fused("flash attention keys", gemm("", heads(s), seen, dv, own, s.precision), values_and_output),
       fused("flash attention scores", gemm("", heads(s), own, seen, dv, s.precision), values_and_output),
       fused("flash attention queries", gemm("", heads(s), own, d, seen, s.precision), queries_and_keys),
       fused("flash attention keys", gemm("", heads(s), seen, d, own, s.precision), queries_and_keys)});
}

/// One linear layer of the projections: widths of its input and its output on this rank.
struct Projection {
  std::string_view name;
  std::int64_t in, out;
};

/// In order; the first reads the residual stream.
std::vector<Projection> projections(const RankShape& s) {
  const Model& m = *s.model;
  if (!m.latent_attention()) return {{"query, key, value", m.hidden_size, qkv_width(s)}};
  const std::int64_t compressed = m.kv_lora_rank + m.qk_rope_head_dim;
  const std::int64_t up = m.num_attention_heads / s.tensor * (m.qk_nope_head_dim + m.v_head_dim);
  if (m.q_lora_rank == 0) {
    return {{"query; compressed key, value", m.hidden_size, query_width(s) + compressed},
            {"key, value", m.kv_lora_rank, up}};
  }
  return {{"compressed query, key, value", m.hidden_size, m.q_lora_rank + compressed},
          {"query", m.q_lora_rank, query_width(s)},
          {"key, value", m.kv_lora_rank, up}};
}

/// Norms of what is compressed, or of the heads of queries and keys, `count` passes.
void append_inner_norms(Operators& list, const RankShape& s, double count) {
  const Model& m = *s.model;
  if (m.latent_attention()) list.push_back(passes("latent norms", count, s.wide(m.q_lora_rank + m.kv_lora_rank)));
  if (m.qk_layernorm) list.push_back(passes("head norms", count, s.wide(query_width(s) + key_width(s))));
}

/// Attention as one kernel, which may know no sinks and no wide heads.
bool fits_one_kernel(const Software& software, const Model& model) {
  const auto& sizes = software.attention_head_sizes;
  const bool narrow = sizes.empty() || model.head_dim() <= sizes.back();
  return software.flash_attention && narrow && (!model.attention_sinks || software.sink_attention);
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
      causal(run.model.causal),
      document(run.document_length.value_or(0)),
      sequence_parallel(run.parallelism.sequence_parallel),
      fused_softmax(run.software.fused_softmax && !run.model.attention_sinks),  // sinks are put beside the scores first
      flash_attention(fits_one_kernel(run.software, run.model)),
      eager(run.software.eager_layers),
      attention_copies(run.software.attention_copies && run.model.rotary && !run.model.latent_attention()),
      fused_permutation(run.software.fused_permutation),
      dispatch_to_ranks(run.software.expert_dispatch != ExpertDispatch::copies),
      weighted_activation(run.software.weighted_activation),
      narrow_activation_inputs(run.software.narrow_activation_inputs),
      fused_experts(run.software.fused_experts),
      stashed_experts(run.software.stashed_experts),
      expert_streams(run.software.expert_streams),
      attention_kernel(spelling(run.software.attention_kernel)),
      attention_head_sizes(&run.software.attention_head_sizes),
      cross_entropy(run.software.cross_entropy),
      precision(wide_format(run.precision)),
      linear(run.precision),
      sent_to_experts(run.software.narrow_dispatch ? run.precision : wide_format(run.precision)),
      fp8_recipe(run.fp8_recipe),
      expert_imbalance(run.expert_imbalance),
      expert_capacity_factor(run.expert_capacity_factor),
      lora(run.lora ? &*run.lora : nullptr) {}

RankShape::RankShape(const Run& run, const Layout& layout)
    : RankShape(run, layout.tensor, layout.context, layout.expert, layout.expert_tensor) {
  expert_nodes = layout.expert_nodes;
}

std::int64_t RankShape::key_heads() const { return std::max<std::int64_t>(model->num_key_value_heads / tensor, 1); }

double activation_passes(const Model& model, bool backward) {
  if (model.squared_relu) return backward ? 10 : 4;
  if (model.gated_mlp) return backward ? 5 : 3;
  return backward ? 3 : 2;
}

Bytes RankShape::wide(std::int64_t width) const {
  return static_cast<double>(tokens() * width) * element_size(precision) * byte;
}
Bytes RankShape::sharded_activation() const {
  return sequence_parallel ? activation() / static_cast<double>(tensor) : activation();
}
Bytes RankShape::gathered_activation() const { return activation() * (element_size(linear) / element_size(precision)); }
Bytes RankShape::keys_and_values() const { return key_bytes(*this, sequence, key_width(*this) + value_width(*this)); }

RankShape layer_shape(const Run& run, const RankShape& shape, std::int64_t layer) {
  RankShape own = shape;
  if (run.model.windowed(layer)) own.window = run.model.sliding_window;
  if (run.model.encoder_layers == 0) return own;
  own.causal = run.model.crosses(layer);
  if (own.causal) own.sequence = own.context_sequence = run.decoder_sequence_length.value_or(shape.sequence);
  return own;
}

Operators attention_norm_forward(const RankShape& s) { return {passes("input norm", 2, s.sharded_activation())}; }

Operators attention_up_forward(const RankShape& s) {
  Operators list;
  for (const Projection& p : projections(s) | std::views::drop(1)) append(list, linear(s, p.name, p.in, p.out));
  append_inner_norms(list, s, 2);
  if (s.model->rotary) list.push_back(passes("rotary", 2, s.wide(query_width(s) + key_width(s))));
  return list;
}

Operators attention_input_forward(const RankShape& s) {
  const Projection first = projections(s).front();
  Operators list = linear(s, first.name, first.in, first.out);
  append(list, attention_up_forward(s));
  if (!s.attention_copies) return list;
  const bool grouped = s.model->num_attention_heads != s.model->num_key_value_heads;
  list.push_back(passes("copy queries, values", 2, s.wide((grouped ? query_width(s) : 0) + value_width(s))));
  return list;
}

Operators attention_core_forward(const RankShape& s, std::int64_t keys) {
  if (s.flash_attention) return flash_forward(s, keys);
  const double dropout = s.model->dropout ? 2 + kMask : 0;  // read, write, mask
  return {gemm("attention scores", heads(s), s.context_sequence, keys, s.model->head_dim(), s.precision),
          passes("softmax and dropout", score_reads(s) + 1 + dropout + unfused_passes(s), score_bytes(s, keys)),
          gemm("attention values", heads(s), s.context_sequence, s.model->value_head_dim(), keys, s.precision)};
}

/// A rank's first step is its own. In each other one under a causal mask either the second half of its queries sees all
/// keys that came, or all of them see the first half; either half is copied.
Operators ring_forward(const RankShape& s) {
  const double others = static_cast<double>(s.context - 1), half = s.causal ? 0.5 : 0, touched = 1 - half / 2;
  const Bytes kv = key_bytes(s, s.context_sequence, key_width(s) + value_width(s));
  return {passes("keys around a ring", 2 + half * others, kv),
          passes("output around a ring", 4 + (half + 3 * touched) * others, s.wide(output_width(s)))};
}

Operators ring_backward(const RankShape& s) {
  const double others = static_cast<double>(s.context - 1), half = s.causal ? 0.5 : 0, touched = 1 - half / 2;
  const Bytes kv = key_bytes(s, s.context_sequence, key_width(s) + value_width(s));
  // gradients of keys and values are put side by side, and added to those that came
  return {passes("keys around a ring", 4 + (half + 5 * touched) * others, kv),
          passes("queries around a ring", 2 + (3 * half + 3 * touched) * others, s.wide(output_width(s)))};
}

Operators attention_output_forward(const RankShape& s) {
  return linear(s, "attention output", output_width(s), s.model->hidden_size);
}

Operators cross_attention_forward(const RankShape& decoder, const RankShape& encoder) {
  const std::int64_t h = decoder.model->hidden_size;
  RankShape all = decoder;
  all.causal = false;
  Operators list = linear(decoder, "cross query", h, query_width(decoder));
  append(list, linear(encoder, "cross key, value", h, key_width(decoder) + value_width(decoder)));
  append(list, attention_core_forward(all, encoder.sequence));
  append(list, attention_output_forward(decoder));
  return list;
}

Operators cross_attention_backward(const RankShape& decoder, const RankShape& encoder) {
  const std::int64_t h = decoder.model->hidden_size;
  RankShape all = decoder;
  all.causal = false;
  Operators list = attention_output_backward(decoder);
  append(list, attention_core_backward(all, encoder.sequence));
  append(list, linear_backward(encoder, "cross key, value", h, key_width(decoder) + value_width(decoder)));
  append(list, linear_backward(decoder, "cross query", h, query_width(decoder)));
  return list;
}

Operators mlp_norm_forward(const RankShape& s) { return {passes("post-attention norm", 2, s.sharded_activation())}; }

Operators mlp_forward(const RankShape& s, std::int64_t intermediate_size) {
  const std::int64_t f = intermediate_size / s.tensor, up = s.model->gated_mlp ? 2 * f : f;
  Operators list = linear(s, "MLP up", s.model->hidden_size, up);
  list.push_back(passes("activation", activation_passes(*s.model, false), s.wide(f)));
  append(list, linear(s, "MLP down", f, s.model->hidden_size));
  return list;
}

Operators residual_forward(const RankShape& s) {
  return {passes("bias, dropout, residual", 3 + (s.model->dropout ? kMask : 0), s.sharded_activation())};
}

Operators attention_output_backward(const RankShape& s) {
  Operators list = linear_backward(s, "attention output", output_width(s), s.model->hidden_size);
  list.push_back(gradient_pass("bias gradient", s.model->bias ? 1 : 0, s.activation()));
  return list;
}

Operators attention_core_backward(const RankShape& s, std::int64_t keys) {
  if (s.flash_attention) return flash_backward(s, keys);
  const double dropout = s.model->dropout ? 2 + kMask : 0;
  const std::int64_t d = s.model->head_dim(), dv = s.model->value_head_dim(), own = s.context_sequence;
  return {gemm("attention values", heads(s), own, keys, dv, s.precision),
          gemm("attention values", heads(s), keys, dv, own, s.precision),
          passes("softmax and dropout", 2 * score_reads(s) + 1 + dropout + unfused_passes(s), score_bytes(s, keys)),
          gemm("attention scores", heads(s), own, d, keys, s.precision),
          gemm("attention scores", heads(s), keys, d, own, s.precision)};
}

Operators attention_input_backward(const RankShape& s) {
  Operators list{gradient_pass("bias gradient", s.model->bias ? 1 : 0, s.wide(qkv_width(s)))};
  if (s.model->rotary) list.push_back(passes("rotary", 2, s.wide(query_width(s) + key_width(s))));
  append_inner_norms(list, s, 4);
  if (s.attention_copies) list.push_back(passes("copy gradients", 2, s.wide(qkv_width(s))));
  const std::vector<Projection> all = projections(s);
  for (auto p = all.rbegin(); p != all.rend(); ++p) append(list, linear_backward(s, p->name, p->in, p->out));
  return list;
}

Operators mlp_backward(const RankShape& s, std::int64_t intermediate_size) {
  const std::int64_t f = intermediate_size / s.tensor, up = s.model->gated_mlp ? 2 * f : f;
  const double bias = s.model->bias ? 1 : 0;
  Operators list = linear_backward(s, "MLP down", f, s.model->hidden_size);
  append(list, {gradient_pass("bias gradient", bias, s.activation()),
                passes("activation", activation_passes(*s.model, true), s.wide(f)),
                gradient_pass("bias gradient", bias, s.wide(up))});
  append(list, linear_backward(s, "MLP up", s.model->hidden_size, up));
  return list;
}

Operators residual_backward(const RankShape& s) {
  // norm: gradient, input and output; dropout: read, mask, write; residual: two reads, one write
  return {passes("norm", 4, s.sharded_activation()),
          passes("dropout", s.model->dropout ? 2 + kMask : 0, s.sharded_activation()),
          passes("residual", 3, s.sharded_activation())};
}

}  // namespace traingrid

#include "workload/experts.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

std::int64_t width(const RankShape& s) { return s.model->moe_intermediate_size / s.expert_tensor; }
std::int64_t up_width(const RankShape& s) { return s.model->gated_mlp ? 2 * width(s) : width(s); }

Bytes rows_of(const RankShape& s, std::int64_t rows, std::int64_t columns) {
  return static_cast<double>(rows * columns) * element_size(s.precision) * byte;
}

/// Router probabilities, which are fp32.
Bytes probabilities(const RankShape& s, const ExpertShape& e) {
  return static_cast<double>(e.tokens * s.model->num_experts) * element_size(Precision::fp32) * byte;
}

/// Tokens that came in are put in order by expert where a rank has several: read and written, there and back. Rows of
/// narrow multiplications are filled up to a multiple of their blocks, and cut off again, both ways (Transformer
/// Engine, Fp8Padding), which a capacity leaves as they are. A fused permutation writes them in that order, and filled
/// up, from the start.
Operators sort(const RankShape& s, const ExpertShape& e, std::int64_t rows) {
  if (s.fused_permutation) return {};
  const double order = e.experts == 1 ? 0 : 4, filling = is_narrow(s.linear) && !s.expert_capacity_factor ? 4 : 0;
  if (order + filling == 0) return {};
  return {memory_pass("sort by expert", (order + filling) * rows_of(s, e.experts * rows, s.model->hidden_size))};
}

void append(Operators& list, const Operators& more) { list.insert(list.end(), more.begin(), more.end()); }

/// Kernels of single experts on streams of their own run side by side, and so many after one another; the last wave of
/// tiles is theirs, not that of all experts together.
std::int64_t side_by_side(const RankShape& s, const ExpertShape& e) {
  if (s.fused_experts || s.expert_streams == 0) return e.experts;
  std::int64_t kernels = std::min(e.experts, s.expert_streams);
  while (e.experts % kernels != 0) --kernels;
  return kernels;
}

Operator product(const RankShape& s, std::string_view name, std::int64_t m, std::int64_t n, std::int64_t k) {
  const ExpertShape e(s);
  const std::int64_t kernels = side_by_side(s, e);
  Operator product = gemm(name, kernels, m, n, k, s.linear, s.precision);
  product.repeat = static_cast<int>(e.experts / kernels);
  product.launches = s.fused_experts ? 1 : kernels;
  return product;
}

Operators cast_rows(const RankShape& s, std::int64_t rows, std::int64_t columns) {
  const ExpertShape e(s);
  Operators list = cast(s, e.experts * rows * columns);
  for (Operator& pass : list) pass.launches = s.fused_experts ? 1 : e.experts;
  return list;
}

/// Both gradients of linear layers side by side.
Operators gradients(const RankShape& s, std::string_view name, std::int64_t rows, std::int64_t in, std::int64_t out) {
  Operators list = cast_rows(s, rows, out);
  list.push_back(product(s, name, rows, in, out));
  list.push_back(product(s, name, in, out, rows));
  list.back().weight_gradient = true;
  return list;
}

/// What is clamped is split, cut off and put together again: read and written twice, and 5 passes backward (Megatron
/// Core 0.15 to 0.19, weighted_bias_quick_geglu_impl).
Bytes clamp_bytes(const RankShape& s, double passes, std::int64_t rows) {
  if (s.model->swiglu_limit == 0 || s.fused_experts) return {};
  return passes * rows_of(s, ExpertShape(s).experts * rows, up_width(s));
}

/// Biases are multiplied by the probabilities of the tokens, which are fp32, and added expert by expert; the parts are
/// put together and rounded: 6 fp32 and 2 other passes. Backward 8 and 4: sums for the gradients of biases and of
/// probabilities (the same releases, TEGroupedMLP._apply_bias).
Operators add_biases(const RankShape& s, std::int64_t rows, double fp32_passes, double passes) {
  const ExpertShape e(s);
  if (!s.model->bias || s.fused_experts) return {};
  const double wide = element_size(Precision::fp32) / element_size(s.precision);
  Operator pass =
      memory_pass("expert biases", (fp32_passes * wide + passes) * rows_of(s, e.experts * rows, s.model->hidden_size));
  pass.launches = 2 * e.experts;
  return {pass};
}

Operator activation_forward(const RankShape& s, std::int64_t rows) {
  const Bytes inner = rows_of(s, ExpertShape(s).experts * rows, width(s));
  return memory_pass("experts activation", activation_passes(*s.model, false) * inner + clamp_bytes(s, 4, rows));
}

/// Tokens that the experts of a rank hold over those that it routes.
double kept_load(const RankShape& s) {
  return s.expert_imbalance * s.expert_capacity_factor.value_or(1) * static_cast<double>(s.expert_tensor);
}

/// What inside the experts the backward pass needs: tokens as they came, and what was computed of them.
Bytes kept_inside(const RankShape& s, bool activated) {
  const ExpertShape e(s);
  const double narrow = s.kept_operand();
  const Bytes received = narrow * rows_of(s, e.copies, s.model->hidden_size);
  const Bytes computed = s.kept_activation_input() * rows_of(s, e.copies, up_width(s)) +
                         (activated ? narrow : 0) * rows_of(s, e.copies, width(s));
  return kept_load(s) * (received + computed);
}

/// Buffers of a recorded step have room for more tokens than come; those that came are copied out of them into pages,
/// and back (Megatron Core 0.18, core/transformer/moe/paged_stash.py).
Operators stash(const RankShape& s) {
  if (!s.stashed_experts) return {};
  return {memory_pass("experts stash", 2 * kept_inside(s, true))};
}

/// Experts side by side on `rows` tokens each.
Operators forward(const RankShape& s, std::int64_t rows) {
  const ExpertShape e(s);
  const std::int64_t h = s.model->hidden_size, f = width(s), up = up_width(s);
  if (rows == 0) return {};
  Operators list = sort(s, e, rows);
  append(list, cast_rows(s, rows, h));
  list.push_back(product(s, "experts up", rows, up, h));
  list.push_back(activation_forward(s, rows));
  append(list, cast_rows(s, rows, f));
  list.push_back(product(s, "experts down", rows, h, f));
  append(list, add_biases(s, rows, 6, 2));
  return list;
}

Operators backward(const RankShape& s, std::int64_t rows) {
  const ExpertShape e(s);
  const std::int64_t h = s.model->hidden_size, f = width(s), up = up_width(s);
  if (rows == 0) return {};
  Operators list = sort(s, e, rows);
  append(list, add_biases(s, rows, 8, 4));
  append(list, gradients(s, "experts down", rows, f, h));
  const Bytes inner = rows_of(s, e.experts * rows, f);
  list.push_back(
      memory_pass("experts activation", activation_passes(*s.model, true) * inner + clamp_bytes(s, 5, rows)));
  append(list, gradients(s, "experts up", rows, h, up));
  return list;
}

/// Of that many boxes, those that so many throws fill.
double filled(double boxes, double throws) { return boxes * (1 - std::pow(1 - 1 / boxes, throws)); }

std::int64_t excess_rows(const RankShape& s) {
  return std::llround(static_cast<double>(ExpertShape(s).rows) * (s.expert_imbalance - 1));
}

}  // namespace

ExpertShape::ExpertShape(const RankShape& s)
    : tokens(s.sequence_parallel ? s.tokens() / s.tensor : s.tokens()),
      copies(tokens * s.model->num_experts_per_tok),
      experts(s.model->num_experts / s.expert),
      rows(std::llround(std::ceil(static_cast<double>(copies * s.expert_tensor) * s.expert_capacity_factor.value_or(1) /
                                  static_cast<double>(experts)))) {}

/// Ranks that a token goes to, over the number of its experts: 1, or those that hold at least one of its experts, if
/// these are any k of all: ranks · (1 − C(N − n, k)/C(N, k)) of n experts each (hypergeometric).
double ranks_per_expert(const RankShape& s) {
  if (!s.dispatch_to_ranks) return 1;
  const auto all = static_cast<double>(s.model->num_experts), own = all / static_cast<double>(s.expert);
  const auto chosen = s.model->num_experts_per_tok;
  double none = 1;
  for (std::int64_t i = 0; i < chosen; ++i) {
    const auto drawn = static_cast<double>(i);
    none *= std::max(all - own - drawn, 0.0) / (all - drawn);
  }
  return static_cast<double>(s.expert) * (1 - none) / static_cast<double>(chosen);
}

/// A copy for every expert.
Bytes copied_bytes(const RankShape& s) {
  const double load = s.expert_imbalance * s.expert_capacity_factor.value_or(1);
  return load * rows_of(s, ExpertShape(s).copies, s.model->hidden_size);
}

Bytes dispatched_bytes(const RankShape& s) { return ranks_per_expert(s) * copied_bytes(s); }

double reached_nodes(const Model& model, std::int64_t nodes) {
  auto among = static_cast<double>(nodes);
  if (model.n_group > 0) {
    const auto groups = static_cast<double>(model.n_group), best = static_cast<double>(model.topk_group);
    among = nodes >= model.n_group ? among / groups * best : std::max(filled(among, best), 1.0);
  }
  return filled(among, static_cast<double>(model.num_experts_per_tok));
}

Bytes dispatched_to_nodes(const RankShape& s) {
  const double copies = reached_nodes(*s.model, s.expert_nodes) / static_cast<double>(s.model->num_experts_per_tok);
  return copies * copied_bytes(s);
}

Bytes gathered_bytes(const RankShape& s) { return static_cast<double>(s.expert_tensor) * dispatched_bytes(s); }

Operators dispatch_forward(const RankShape& s) {
  const ExpertShape e(s);
  const std::int64_t h = s.model->hidden_size;
  return {gemm("router", 1, e.tokens, s.model->num_experts, h, s.precision),
          memory_pass("softmax, top-k", 3 * probabilities(s, e)),  // read, write, read
          memory_pass("permute", 2 * rows_of(s, e.copies, h))};
}

Operators experts_forward(const RankShape& s) {
  Operators list = forward(s, ExpertShape(s).rows);
  append(list, stash(s));
  return list;
}
Operators experts_forward_excess(const RankShape& s) { return forward(s, excess_rows(s)); }

Operators experts_activation_forward(const RankShape& s) { return {activation_forward(s, ExpertShape(s).rows)}; }

Operators combine_forward(const RankShape& s) {
  const ExpertShape e(s);
  return {memory_pass("unpermute", rows_of(s, e.copies + e.tokens, s.model->hidden_size))};
}

Operators combine_backward(const RankShape& s) {
  const ExpertShape e(s);  // gradient of the sum, copies for the gradient of their weights, gradients of copies
  return {memory_pass("unpermute", rows_of(s, 2 * e.copies + e.tokens, s.model->hidden_size))};
}

Operators experts_backward(const RankShape& s) {
  Operators list = stash(s);
  append(list, backward(s, ExpertShape(s).rows));
  return list;
}
Operators experts_backward_excess(const RankShape& s) { return backward(s, excess_rows(s)); }

Operators dispatch_backward(const RankShape& s) {
  const ExpertShape e(s);
  const std::int64_t h = s.model->hidden_size, experts = s.model->num_experts;
  Operator weights = gemm("router", 1, h, experts, e.tokens, s.precision);
  weights.weight_gradient = true;
  return {memory_pass("permute", rows_of(s, e.copies + e.tokens, h)),
          memory_pass("softmax, top-k", 3 * probabilities(s, e)), gemm("router", 1, e.tokens, h, experts, s.precision),
          weights};
}

Bytes expert_activations(const RankShape& s, bool activated) {
  const ExpertShape e(s);
  return probabilities(s, e) + kept_inside(s, activated) +
         (s.weighted_activation ? Bytes{} : rows_of(s, e.copies, s.model->hidden_size));
}

Bytes expert_inputs(const RankShape& s) {
  return kept_load(s) * s.kept_operand() * rows_of(s, ExpertShape(s).copies, s.model->hidden_size);
}

Bytes expert_activation_inputs(const RankShape& s) {
  return kept_load(s) * s.kept_activation_input() * rows_of(s, ExpertShape(s).copies, up_width(s));
}

}  // namespace traingrid

#include "workload/savings.hpp"

#include "workload/precision.hpp"
#include "workload/run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace traingrid {
namespace {

/// The multiple of `unit` that is nearest to the share, and at least one.
std::int64_t scaled(std::int64_t whole, double share, std::int64_t unit) {
  if (whole == 0) return 0;
  const auto units = std::llround(static_cast<double>(whole) * share / static_cast<double>(unit));
  return std::max<std::int64_t>(units, 1) * unit;
}

}  // namespace

void DataSelection::describe(Fields& fields) {
  fields.required("super_batch", super_batch, "Sequences scored in every step over those trained on.", at_least_one);
  fields.optional("scoring_sequence", scoring_sequence, "Tokens of a sequence as it is scored; all if absent.",
                  at_least_one);
}

void Pruning::describe(Fields& fields) {
  fields.required("kept", kept, "Share of the weights of layers that is kept.", positive_fraction);
  fields.optional("structured", structured, "Whole heads and columns go, not single weights.");
  fields.optional("after", after, "Share of the tokens that the dense model is trained on first.", fraction);
}

Run pruned(const Run& run) {
  Run rest = run;
  Model& model = rest.model;
  const double kept = run.pruning->kept;
  const std::int64_t ranks = run.parallelism.tensor;
  if (!model.latent_attention()) model.head_size = model.head_dim();
  const bool grouped = model.num_key_value_heads < model.num_attention_heads;
  const std::int64_t unit = grouped ? std::lcm(ranks, model.num_key_value_heads) : ranks;
  model.num_attention_heads = scaled(model.num_attention_heads, kept, unit);
  if (!grouped) model.num_key_value_heads = model.num_attention_heads;
  model.intermediate_size = scaled(model.intermediate_size, kept, ranks);
  model.moe_intermediate_size = scaled(model.moe_intermediate_size, kept, run.parallelism.expert_tensor);
  model.shared_expert_intermediate_size = scaled(model.shared_expert_intermediate_size, kept, ranks);
  return rest;
}

ModelSize model_size(const Run& run) {
  constexpr double bits_per_byte = 8;
  const bool structured = run.pruning && run.pruning->structured;
  const Model model = structured ? pruned(run).model : run.model;
  ModelSize size{.parameters = model.parameters()};
  double masks = 0;
  if (run.pruning && !structured) {
    double in_layers = 0;
    for (std::int64_t i = 0; i < model.num_hidden_layers; ++i) in_layers += model.layer_weights(i).total();
    masks = in_layers / bits_per_byte;
    size.parameters -= (1 - run.pruning->kept) * in_layers;
  }
  size.weights = (size.parameters * element_size(wide_format(run.precision)) + masks) * byte;
  size.training_state = size.weights + size.parameters * run.software.optimizer_state_bytes * byte;
  return size;
}

}  // namespace traingrid

#include "workload/memory.hpp"

#include "workload/transformer.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// What one layer keeps for its backward pass, by recomputation. Masks hold one byte per element.
Bytes layer_activations(const Run& run, const RankShape& shape, Recompute recompute) {
  const Model& model = run.model;
  const auto tokens = static_cast<double>(shape.tokens());
  const double w = element_size(run.precision), t = static_cast<double>(shape.tensor);
  const double residual_shards = shape.sequence_parallel ? t : 1;
  const auto h = static_cast<double>(model.hidden_size);
  const Bytes input = tokens * h * w / residual_shards * byte;
  if (recompute == Recompute::full) return input;
  const double masks = model.dropout ? 2 * tokens * h : 0;  // after attention and after the MLP
  const double whole = 4 * tokens * h * w + masks;          // inputs of both norms and both linear pairs
  const double kv = static_cast<double>(2 * model.num_key_value_heads * model.head_dim());
  const double attention = tokens * (h + kv) * w + tokens * h * w;  // query, key, value; input of the projection
  const double mlp = tokens * static_cast<double>(model.intermediate_size) * w * (model.gated_mlp ? 3 : 2);
  const double scores =
      static_cast<double>(shape.micro_batch * model.num_attention_heads * shape.context_sequence * shape.sequence);
  const double core = recompute == Recompute::selective ? 0 : scores * (model.dropout ? 2 * w + 1 : w);
  return (whole / residual_shards + (attention + mlp + core) / t) * byte;
}

double stage_parameters(const Run& run, const Layout& layout, int stage) {
  double parameters = 0;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    parameters += chunk_parameters(run.model, layout, layout.virtual_stage(stage, chunk));
  }
  return parameters;
}

/// Layers (times micro-batches) whose activations a stage holds at the worst moment of its schedule.
double layers_in_flight(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const auto visits = find_schedule(run.schedule)->visits(layout.shape(micro_batches), stage);
  const std::vector<int> held = peak_in_flight(visits, layout.virtual_stages);
  double layers = 0;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    layers += held[static_cast<std::size_t>(chunk)] *
              layout.layers[static_cast<std::size_t>(layout.virtual_stage(stage, chunk))];
  }
  return layers;
}

/// Beyond what is kept: the layer that is being recomputed, and on the last stage logits in fp32 and their gradient.
Bytes working_space(const Run& run, const Layout& layout, const RankShape& shape, int stage) {
  const Bytes layer = run.recompute == Recompute::none ? Bytes{} : layer_activations(run, shape, Recompute::none);
  if (stage != layout.pipeline - 1) return layer;
  const double logits = static_cast<double>(shape.tokens() * run.model.vocab_size) / static_cast<double>(shape.tensor);
  return std::max(layer, logits * (element_size(run.precision) + element_size(Precision::fp32)) * byte);
}

}  // namespace

std::vector<MemoryTerm> stage_memory(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const RankShape shape(run, layout.tensor, layout.context);
  const double parameters = stage_parameters(run, layout, stage);
  const double shards = run.software.distributed_optimizer ? layout.data * layout.context : 1;
  const double layers = layers_in_flight(run, layout, micro_batches, stage);
  return {{"weights", parameters * element_size(run.precision) * byte},
          {"gradients", parameters * run.software.gradient_bytes * byte},
          {"optimizer states", parameters * run.software.optimizer_state_bytes / shards * byte},
          {"activations", layers * layer_activations(run, shape, run.recompute)},
          {"working space", working_space(run, layout, shape, stage)},
          {"reserved", run.software.reserved_memory}};
}

Bytes total(const std::vector<MemoryTerm>& terms) {
  Bytes sum;
  for (const MemoryTerm& term : terms) sum += term.bytes;
  return sum;
}

std::vector<MemoryTerm> fullest_stage(const Run& run, const Layout& layout, int micro_batches) {
  std::vector<MemoryTerm> fullest;
  for (int stage = 0; stage < layout.pipeline; ++stage) {
    auto terms = stage_memory(run, layout, micro_batches, stage);
    if (total(terms) > total(fullest)) fullest = std::move(terms);
  }
  return fullest;
}

}  // namespace traingrid

#include "workload/memory.hpp"

#include "units/index.hpp"
#include "workload/experts.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// Of the attention of one layer.
Bytes attention_activations(const Run& run, const RankShape& shape, Recompute recompute) {
  const Model& model = run.model;
  const double w = element_size(run.precision);
  const std::int64_t keys_and_values = 2 * model.num_key_value_heads * model.head_dim();
  // query, key, value; input of the projection
  const Bytes around = shape.wide(model.attention_width() + keys_and_values) + shape.wide(model.attention_width());
  if (recompute == Recompute::selective || shape.flash_attention) return around;
  const double scores =
      static_cast<double>(shape.micro_batch * model.num_attention_heads * shape.context_sequence * shape.sequence);
  return around + scores * (model.dropout ? 2 * w + 1 : w) * byte;
}

/// What one layer keeps for its backward pass, by recomputation. Masks hold one byte per element.
Bytes layer_activations(const Run& run, const RankShape& shape, Recompute recompute, std::int64_t layer) {
  const Model& model = run.model;
  const auto t = static_cast<double>(shape.tensor);
  const double residual_shards = shape.sequence_parallel ? t : 1;
  if (recompute == Recompute::full) return shape.activation() / residual_shards;
  const double mask = static_cast<double>(shape.tokens() * model.hidden_size);
  const Bytes masks = (model.dropout ? 2 * mask : 0) * byte;  // after attention and after the MLP
  const Bytes whole = 4 * shape.activation() + masks;         // inputs of both norms and both linear pairs
  const bool experts = model.has_experts(layer);
  const std::int64_t width = experts ? model.shared_expert_intermediate_size : model.intermediate_size;
  const Bytes mlp = (model.gated_mlp ? 3 : 2) * shape.wide(width);
  return whole / residual_shards + (attention_activations(run, shape, recompute) + mlp) / t +
         (experts ? expert_activations(shape) : Bytes{});
}

/// The largest of any layer.
Bytes largest_layer(const Run& run, const RankShape& shape) {
  Bytes most;
  for (const std::int64_t layer : {std::int64_t{0}, run.model.num_hidden_layers - 1}) {
    most = std::max(most, layer_activations(run, shape, Recompute::none, layer));
  }
  return most;
}

/// Activations that a stage holds at the worst moment of its schedule.
Bytes activations_in_flight(const Run& run, const Layout& layout, const RankShape& shape, int micro_batches,
                            int stage) {
  const auto visits = find_schedule(run.schedule)->visits(layout.shape(micro_batches), stage);
  const std::vector<int> held = peak_in_flight(visits, layout.virtual_stages);
  Bytes sum;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    const int virtual_stage = layout.virtual_stage(stage, chunk), first = layout.first_layer(virtual_stage);
    for (int layer = first; layer < first + layout.layers[index(virtual_stage)]; ++layer) {
      sum += held[index(chunk)] * layer_activations(run, shape, run.recompute, layer);
    }
  }
  return sum;
}

/// Weights of a stage, of its largest model chunk, and of what of that a rank needs whole where parameters are sharded:
/// the layer that computes, the one gathered ahead, embedding and head.
struct StageWeights {
  Weights all;
  double largest_chunk = 0, gathered = 0;
};

StageWeights stage_weights(const Run& run, const Layout& layout, int stage) {
  StageWeights weights;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    const int virtual_stage = layout.virtual_stage(stage, chunk), first = layout.first_layer(virtual_stage);
    const int layers = layout.layers[index(virtual_stage)];
    const Weights of_chunk = chunk_weights(run.model, layout, virtual_stage);
    double in_layers = 0, largest = 0;
    for (int layer = first; layer < first + layers; ++layer) {
      const double share = layer_share(run.model, layout, layer).total();
      in_layers += share;
      largest = std::max(largest, share);
    }
    weights.all += of_chunk;
    weights.largest_chunk = std::max(weights.largest_chunk, of_chunk.total());
    weights.gathered = std::max(weights.gathered, of_chunk.total() - in_layers + std::min(layers, 2) * largest);
  }
  return weights;
}

/// Beyond what is kept: the layer that is being recomputed, and on the last stage logits in fp32 and their gradient.
Bytes working_space(const Run& run, const Layout& layout, const RankShape& shape, int stage) {
  const Bytes layer = run.recompute == Recompute::none ? Bytes{} : largest_layer(run, shape);
  if (stage != layout.pipeline - 1) return layer;
  const double logits = static_cast<double>(shape.tokens() * run.model.vocab_size) / static_cast<double>(shape.tensor);
  return std::max(layer, logits * (element_size(run.precision) + element_size(Precision::fp32)) * byte);
}

}  // namespace

std::vector<MemoryTerm> stage_memory(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const RankShape shape(run, layout);
  const StageWeights weights = stage_weights(run, layout, stage);
  const double all = weights.all.total(), share = optimizer_share(layout, weights.all);
  const bool sharded = layout.sharding == Sharding::parameters;
  const double gradients = layout.sharding < Sharding::gradients ? all : share + (sharded ? 0 : weights.largest_chunk);
  return {{"weights", (sharded ? share + weights.gathered : all) * element_size(run.precision) * byte},
          {"gradients", gradients * run.software.gradient_bytes * byte},
          {"optimizer states", share * run.software.optimizer_state_bytes * byte},
          {"activations", activations_in_flight(run, layout, shape, micro_batches, stage)},
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

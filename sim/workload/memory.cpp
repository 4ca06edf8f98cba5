#include "workload/memory.hpp"

#include "units/index.hpp"
#include "workload/experts.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// An input of a linear layer as it is kept: in the format of the layer's operands. A frozen one without an adapter
/// needs it no more.
Bytes operand(const RankShape& shape, std::int64_t width, AdapterTarget layer) {
  if (shape.lora != nullptr && !shape.lora->adapts(layer)) return {};
  return shape.kept_operand() * shape.wide(width);
}

/// What recomputation of a layer repeats of its parts.
struct Repeated {
  const Run& run;
  Recompute recompute;
  bool operator()(RecomputeModule module) const { return recompute == Recompute::selective && run.repeats(module); }
};

/// Of the attention of one layer to its own sequence or to an encoder's: on each tensor rank, if those are shared by
/// them; with what all of them hold.
Bytes attention_activations(const RankShape& shape, const RankShape& keys, const Repeated& repeated) {
  const Model& model = *shape.model;
  const double w = element_size(shape.precision);
  // query, key, value; input of the projection, and the output of the core that it was cast from
  Bytes kept = operand(shape, model.output_width(), AdapterTarget::linear_proj);
  if (!repeated(RecomputeModule::mla_up_proj))
    kept += shape.wide(model.query_width()) + keys.wide(model.key_width() + model.value_width());
  const bool core = !repeated(RecomputeModule::core_attn);
  if (core && is_narrow(shape.linear) && shape.flash_attention) kept += shape.wide(model.output_width());
  if (core && !shape.flash_attention) {
    const double scores =
        static_cast<double>(shape.micro_batch * model.num_attention_heads * shape.context_sequence * keys.sequence);
    kept += scores * (model.dropout ? 2 * w + 1 : w) * byte;
  }
  const Bytes compressed =
      model.latent_attention() ? shape.wide(model.q_lora_rank + model.kv_lora_rank + model.qk_rope_head_dim) : Bytes{};
  return kept / static_cast<double>(shape.tensor) + compressed;
}

/// Of the MLP of a dense layer; of experts, and the MLP that all shared ones are.
Bytes mlp_activations(const RankShape& shape, bool experts, const Repeated& repeated) {
  const Model& model = *shape.model;
  if (repeated(experts ? RecomputeModule::moe : RecomputeModule::mlp)) return {};
  const std::int64_t width = experts ? model.shared_expert_intermediate_size : model.intermediate_size;
  Bytes kept = shape.kept_activation_input() * (model.gated_mlp ? 2 : 1) * shape.wide(width) +
               operand(shape, width, AdapterTarget::linear_fc2);
  if (experts && repeated(RecomputeModule::shared_experts)) kept = {};
  kept = kept / static_cast<double>(shape.tensor);
  return experts ? kept + expert_activations(shape, !repeated(RecomputeModule::moe_act)) : kept;
}

/// What one layer keeps for its backward pass, by recomputation. Masks hold one byte per element.
Bytes layer_activations(const Run& run, const RankShape& input, Recompute recompute, std::int64_t layer) {
  const Model& model = run.model;
  if (!model.operators.empty()) {
    const ListedOperator& listed = model.operators[static_cast<std::size_t>(layer)];
    return listed_activations(listed, input.tokens(), run.precision);
  }
  const RankShape shape = layer_shape(run, input, layer);
  const auto t = static_cast<double>(shape.tensor);
  const double residual_shards = shape.sequence_parallel ? t : 1;
  if (recompute == Recompute::full) return shape.activation() / residual_shards;
  const double mask = static_cast<double>(shape.tokens() * model.hidden_size);
  const Bytes masks = (model.dropout ? 2 * mask : 0) * byte;  // after attention and after the MLP
  const bool crosses = model.crosses(layer);
  const double norms =
      (model.parallel_residual ? 1 : 2) + (crosses ? 1 : 0);  // their inputs, and of linear layers behind
  const Repeated repeated{run, recompute};
  const bool experts = model.has_experts(layer), dense_mlp = !experts && repeated(RecomputeModule::mlp);
  Bytes operands;
  if (!repeated(RecomputeModule::layernorm)) {
    operands = operand(shape, model.hidden_size, AdapterTarget::linear_qkv);
    operands += (norms - (dense_mlp ? 2 : 1)) * operand(shape, model.hidden_size, AdapterTarget::linear_fc1);
  }
  const Bytes whole = norms * shape.activation() + operands + masks;
  const Bytes cross = crosses ? attention_activations(shape, input, repeated) : Bytes{};
  return whole / residual_shards + attention_activations(shape, shape, repeated) + cross +
         mlp_activations(shape, experts, repeated);
}

/// What is there again, once recomputed, of the largest of any layer: all of it, or the parts that are repeated.
Bytes recomputed_layer(const Run& run, const RankShape& shape) {
  Bytes most;
  if (run.recompute == Recompute::none) return most;
  for (const std::int64_t layer : {std::int64_t{0}, run.model.num_hidden_layers - 1}) {
    Bytes again = layer_activations(run, shape, Recompute::none, layer);
    if (run.recompute == Recompute::selective) again -= layer_activations(run, shape, Recompute::selective, layer);
    most = std::max(most, again);
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
    const int layers = layout.layers[index(virtual_stage)];
    for (int i = 0; i < layers; ++i) {
      const Recompute recompute = i < run.recompute_layers.value_or(layers) ? run.recompute : Recompute::none;
      sum += held[index(chunk)] * layer_activations(run, shape, recompute, first + i);
    }
    if (virtual_stage != layout.last_virtual_stage()) continue;
    const auto predictions = static_cast<double>(held[index(chunk)] * run.model.num_nextn_predict_layers);
    sum += predictions * layer_activations(run, shape, run.recompute, run.model.num_hidden_layers - 1);
  }
  return sum;
}

/// Weights of a stage, of its largest model chunk, and of what of that a rank needs whole where parameters are sharded:
/// the layer that computes, the one gathered ahead, embedding and head.
struct StageWeights {
  Weights all, trained;
  Weights in_layers;
  double largest_chunk = 0, gathered = 0, gathered_in_layers = 0;
};

StageWeights stage_weights(const Run& run, const Layout& layout, int stage) {
  StageWeights weights;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    const int virtual_stage = layout.virtual_stage(stage, chunk), first = layout.first_layer(virtual_stage);
    const int layers = layout.layers[index(virtual_stage)];
    const Weights of_chunk = chunk_weights(run.model, layout, virtual_stage);
    Weights in_layers;
    double largest = 0;
    for (int layer = first; layer < first + layers; ++layer) {
      const Weights share = layer_share(run.model, layout, layer);
      in_layers += share;
      largest = std::max(largest, share.total());
    }
    const Weights trained = trained_weights(run, layout, virtual_stage);
    weights.all += of_chunk;
    weights.trained += trained;
    weights.largest_chunk = std::max(weights.largest_chunk, trained.total());
    weights.in_layers += in_layers;
    const double whole_layers = std::min(layers, 2) * largest;
    weights.gathered_in_layers = std::max(weights.gathered_in_layers, whole_layers);
    weights.gathered = std::max(weights.gathered, of_chunk.total() - in_layers.total() + whole_layers);
  }
  return weights;
}

/// Weights as they are multiplied, and what is not held in that format alone. Formats in blocks keep a wide copy.
std::vector<MemoryTerm> weight_terms(const Run& run, const Layout& layout, const RankShape& shape,
                                     const StageWeights& weights) {
  const bool sharded = layout.sharding == Sharding::parameters;
  const double whole = sharded ? optimizer_share(layout, weights.all) + weights.gathered : weights.all.total();
  const double in_layers =
      sharded ? optimizer_share(layout, weights.in_layers) + weights.gathered_in_layers : weights.in_layers.total();
  const bool narrow = is_narrow(shape.linear);
  const bool blocks = shape.linear == Precision::fp8 && shape.fp8_recipe == Fp8Recipe::block;
  const bool narrow_only = narrow && !blocks && std::ranges::count(run.software.narrow_weights, shape.linear) > 0;
  std::vector<MemoryTerm> terms{
      {"weights", (whole - (narrow_only ? in_layers : 0)) * element_size(shape.precision) * byte}};
  if (narrow) {
    const int copies = run.lora && run.software.transposes_frozen_weights ? 1 : layout.weight_copies;
    terms.push_back({"narrow weights", copies * in_layers * element_size(shape.linear) * byte});
  }
  return terms;
}

/// Beyond what is kept: the layer that is being recomputed, and on the last stage logits and their gradient, in fp32 or
/// in their place.
Bytes working_space(const Run& run, const Layout& layout, const RankShape& shape, int stage) {
  const Bytes layer = recomputed_layer(run, shape);
  if (stage != layout.stage_of(layout.last_virtual_stage())) return layer;
  const RankShape predicted = layer_shape(run, shape, run.model.num_hidden_layers - 1);
  const double logits =
      static_cast<double>(predicted.tokens() * run.model.vocab_size) / static_cast<double>(shape.tensor);
  const double gradient = run.software.cross_entropy == CrossEntropy::in_place ? 0
                          : run.software.cross_entropy == CrossEntropy::narrow ? element_size(shape.precision)
                                                                               : element_size(Precision::fp32);
  return std::max(layer, logits * (element_size(shape.precision) + gradient) * byte);
}

}  // namespace

std::vector<MemoryTerm> stage_memory(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const RankShape shape(run, layout);
  const StageWeights weights = stage_weights(run, layout, stage);
  const double trained = weights.trained.total(), share = optimizer_share(layout, weights.trained);
  const bool sharded = layout.sharding == Sharding::parameters;
  const double gradients =
      layout.sharding < Sharding::gradients ? trained : share + (sharded ? 0 : weights.largest_chunk);
  std::vector<MemoryTerm> terms = weight_terms(run, layout, shape, weights);
  if (run.gradient_compression > 1)
    terms.push_back({"residual of compression", gradients * run.software.gradient_bytes * byte});
  const std::vector<MemoryTerm> others{{"gradients", gradients * run.software.gradient_bytes * byte},
                                       {"optimizer states", share * run.software.optimizer_state_bytes * byte},
                                       {"activations", activations_in_flight(run, layout, shape, micro_batches, stage)},
                                       {"working space", working_space(run, layout, shape, stage)},
                                       {"reserved", run.software.reserved_memory}};
  terms.insert(terms.end(), others.begin(), others.end());
  return terms;
}

Bytes total(const std::vector<MemoryTerm>& terms) {
  Bytes sum;
  for (const MemoryTerm& term : terms) sum += term.bytes;
  return sum;
}

std::vector<std::vector<MemoryTerm>> memory_by_stage(const Run& run, const Layout& layout, int micro_batches) {
  std::vector<std::vector<MemoryTerm>> stages;
  for (int stage = 0; stage < layout.pipeline; ++stage)
    stages.push_back(stage_memory(run, layout, micro_batches, stage));
  return stages;
}

std::size_t fullest_stage(const std::vector<std::vector<MemoryTerm>>& stages) {
  return static_cast<std::size_t>(std::ranges::max_element(stages, {}, total) - stages.begin());
}

}  // namespace traingrid

#include "workload/activations.hpp"

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

/// The output of fused attention, which its way back reads, where the projection's input is a narrow copy of it.
Bytes core_output(const RankShape& shape, const Repeated& repeated) {
  const bool kept = !repeated(RecomputeModule::core_attn) && is_narrow(shape.linear) && shape.flash_attention;
  return kept ? shape.wide(shape.model->output_width()) : Bytes{};
}

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
  kept += core_output(shape, repeated);
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

/// What goes to the host of a layer that keeps the rest.
Bytes module_inputs(const Run& run, const RankShape& s, Recompute recompute, bool experts) {
  const Model& model = *s.model;
  const Repeated repeated{run, recompute};
  const auto tensor = static_cast<double>(s.tensor);
  const double residual_shards = s.sequence_parallel ? tensor : 1;
  const auto moves = [&](OffloadModule module) { return run.offload.moves(module); };
  Bytes moved;
  if (moves(OffloadModule::attn_norm)) moved += s.activation() / residual_shards;
  if (moves(OffloadModule::mlp_norm) && !model.parallel_residual) moved += s.activation() / residual_shards;
  if (moves(OffloadModule::qkv_linear) && !repeated(RecomputeModule::layernorm))
    moved += operand(s, model.hidden_size, AdapterTarget::linear_qkv) / residual_shards;
  if (moves(OffloadModule::core_attn) && !repeated(RecomputeModule::mla_up_proj))
    moved += s.wide(model.query_width() + model.key_width() + model.value_width()) / tensor;
  if (moves(OffloadModule::attn_proj))
    moved += operand(s, model.output_width(), AdapterTarget::linear_proj) / tensor + core_output(s, repeated) / tensor;
  if (experts && moves(OffloadModule::expert_fc1)) moved += expert_inputs(s);
  if (experts && moves(OffloadModule::moe_act)) moved += expert_activation_inputs(s);
  return moved;
}

}  // namespace

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

Recompute recompute_of(const Run& run, int place, int layers) {
  return place < run.recompute_layers.value_or(layers) ? run.recompute : Recompute::none;
}

Bytes offloaded_activations(const Run& run, const RankShape& shape, Recompute recompute, std::int64_t layer) {
  if (run.offload.offload_modules.empty()) return layer_activations(run, shape, recompute, layer);
  return module_inputs(run, layer_shape(run, shape, layer), recompute, run.model.has_experts(layer));
}

int offloaded_layers(const Run& run, int layers) {
  const int recomputed = run.recompute_layers.value_or(layers);
  int most = 0;
  if (run.offload.cpu_offloading_num_layers > 0) most = run.offload.cpu_offloading_num_layers;
  if (!run.offload.offload_modules.empty()) most = layers;
  if (run.offload.cpu_checkpointing) most = recomputed;
  return std::clamp(most, 0, std::max(layers - 1, 0));
}

int offload_window(int layers, int offloaded, int number) {
  return layers / offloaded * (number + 1) - 1 + std::min(number + 1, layers % offloaded);
}

}  // namespace traingrid

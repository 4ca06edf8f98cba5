#include "study/measured_model.hpp"

#include "study/model_names.hpp"

namespace traingrid {
namespace {

std::string take_experts(const RecordFields& fields, Model& model) {
  if (!fields.settle("moe_experts", model.num_experts)) return "";
  if (!fields.settle("moe_topk", model.num_experts_per_tok)) return missing_field("moe_topk");
  if (!fields.settle("moe_ffn_hidden", model.moe_intermediate_size))
    model.moe_intermediate_size = model.intermediate_size;
  if (model.moe_intermediate_size == 0) return missing_field("moe_ffn_hidden");
  fields.take("moe_shared", model.n_shared_experts);
  model.shared_expert_intermediate_size = model.n_shared_experts * model.moe_intermediate_size;
  fields.take("n_dense_layers", model.first_k_dense_replace);
  fields.take("dense_ffn_hidden", model.intermediate_size);
  return "";
}

std::string take_sizes(const RecordFields& fields, Model& model) {
  const std::int64_t known = model.num_attention_heads;
  if (!fields.settle("hidden", model.hidden_size)) return missing_field("hidden");
  if (!fields.settle("n_layers", model.num_hidden_layers)) return missing_field("n_layers");
  if (!fields.settle("n_heads", model.num_attention_heads)) return missing_field("n_heads");
  if (!fields.settle("vocab", model.vocab_size)) return missing_field("vocab");
  const bool others = known != model.num_attention_heads || model.latent_attention();
  if (!fields.take("n_kv_heads", model.num_key_value_heads) && (others || model.num_key_value_heads == 0))
    model.num_key_value_heads = model.num_attention_heads;
  fields.take("ffn_hidden", model.intermediate_size);
  if (const std::string attention = fields.text("attention"); !attention.empty() && !model.latent_attention())
    return fmt::format("sizes of attention '{}' are not known", attention);
  return "";
}

/// Of a model that the catalogue does not hold: two matrices in an MLP are those of GPT, three those of LLaMA.
void guess_style(Model& model, bool gated) {
  model.gated_mlp = model.rotary = gated;
  model.learned_positions = model.bias = model.dropout = model.tie_word_embeddings = !gated;
}

void take_style(const ModelFamily& family, Model& model) {
  const auto say = [](const std::optional<bool>& habit, bool& of_model) { of_model = habit.value_or(of_model); };
  say(family.gated_mlp, model.gated_mlp);
  say(family.rotary, model.rotary);
  say(family.learned_positions, model.learned_positions);
  say(family.bias, model.bias);
  say(family.squared_relu, model.squared_relu);
  say(family.dropout, model.dropout);
  say(family.qk_layernorm, model.qk_layernorm);
  say(family.attention_sinks, model.attention_sinks);
  if (family.head_dim) model.head_size = *family.head_dim;
}

}  // namespace

std::string measured_model(const RecordFields& fields, const StepSystems& systems,
                           const std::map<std::string, Model>& catalogue, Model& model) {
  const std::string name = fields.text("model");
  const ModelFamily* family = systems.model(name);
  if (family != nullptr && !family->obstacle.empty()) return family->obstacle;
  const bool named = family != nullptr && family->model;
  const Model* listed = named ? &*family->model : find_model(catalogue, name);
  const bool known = listed != nullptr;
  if (known) model = *listed;
  model.name = name;
  if (std::string reason = take_sizes(fields, model); !reason.empty()) return reason;
  if (std::string reason = take_experts(fields, model); !reason.empty()) return reason;
  if (model.intermediate_size == 0 && !model.has_experts(0)) return missing_field("ffn_hidden");
  const int matrices = fields.whole("ffn_matrices");
  if (!known) guess_style(model, matrices == 3 || model.num_experts > 0);
  if (family != nullptr) take_style(*family, model);
  if (has_words(name, {"w/o MTP"})) model.num_nextn_predict_layers = 0;
  model.tie_word_embeddings = fields.flag("tied_embeddings").value_or(model.tie_word_embeddings);
  return "";
}

}  // namespace traingrid

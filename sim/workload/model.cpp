#include "workload/model.hpp"

namespace traingrid {
namespace {

/// Two matrices, or three if gated, and their biases.
double mlp_weights(const Model& model, std::int64_t width) {
  const auto h = static_cast<double>(model.hidden_size), f = static_cast<double>(width);
  const double gates = model.gated_mlp ? 2 : 1;
  return (gates + 1) * h * f + (model.bias ? gates * f + h : 0);
}

}  // namespace

void Model::describe(Fields& fields) {
  fields.required("name", name, "Name of the model.");
  fields.optional("operators", operators, "A model that is no transformer: what it computes, in order.");
  if (operators.empty()) return describe_transformer(fields);
  num_hidden_layers = static_cast<std::int64_t>(operators.size());
  tie_word_embeddings = dropout = bias = false;
}

void Model::describe_transformer(Fields& fields) {
  fields.required("hidden_size", hidden_size, "Width of the residual stream.", at_least_one);
  fields.required("num_hidden_layers", num_hidden_layers, "Transformer layers.", at_least_one);
  fields.required("num_attention_heads", num_attention_heads, "Attention heads.", at_least_one);
  describe_attention(fields);
  describe_experts(fields);
  if (!has_experts(0)) {
    fields.required("intermediate_size", intermediate_size, "Width inside the MLP of a dense layer.", at_least_one);
  }
  fields.required("vocab_size", vocab_size, "Rows of the embedding, padded as trained.", at_least_one);
  fields.required("max_position_embeddings", max_position_embeddings, "Longest sequence.", at_least_one);
  fields.optional("gated_mlp", gated_mlp, "Three MLP matrices (SwiGLU) instead of two.");
  fields.optional("rotary", rotary, "Queries and keys are rotated by their position.");
  fields.optional("learned_positions", learned_positions, "A learned table of position embeddings.");
  fields.optional("embedding_norm", embedding_norm, "A layer norm after the embedding.");
  fields.optional("tie_word_embeddings", tie_word_embeddings, "The head shares the weights of the embedding.");
  fields.optional("squared_relu", squared_relu, "The MLP's activation is relu2, made of two functions.");
  fields.check("squared_relu", !squared_relu || !gated_mlp, "of an MLP with two matrices");
  fields.optional("dropout", dropout, "Dropout after attention and MLP.");
  fields.optional("bias", bias, "Biases in linear layers and norms; norms without are RMSNorm.");
  fields.optional("swiglu_limit", swiglu_limit, "Values that enter the activation are clamped to this.", positive);
  fields.check("swiglu_limit", swiglu_limit == 0 || gated_mlp, "has an effect with gated_mlp only");
  fields.optional("causal", causal, "A token sees those before it; else all of its sequence.");
  fields.optional("encoder_layers", encoder_layers,
                  "The first layers, an encoder; those after it attend to its output too.", at_least_one);
  fields.check("encoder_layers", encoder_layers < num_hidden_layers, "leaves no layer for the decoder");
  fields.check("encoder_layers", encoder_layers == 0 || num_experts == 0, "an encoder with experts is not modelled");
  fields.optional("parallel_residual", parallel_residual,
                  "Attention and MLP read the same norm and are added at once.");
  fields.check("parallel_residual", !parallel_residual || num_experts == 0, "experts follow attention");
}

void Model::describe_attention(Fields& fields) {
  fields.optional("head_dim", head_size, "Width of one head; hidden_size over num_attention_heads if absent.",
                  at_least_one);
  num_key_value_heads = num_attention_heads;
  fields.optional("num_key_value_heads", num_key_value_heads,
                  "Key and value heads; as many as attention heads if absent.", at_least_one);
  fields.check("num_key_value_heads", num_key_value_heads <= 0 || num_attention_heads % num_key_value_heads == 0,
               "num_attention_heads must be a multiple of num_key_value_heads");
  fields.optional("qk_layernorm", qk_layernorm, "Heads of queries and keys have norms of their own.");
  fields.optional("attention_sinks", attention_sinks, "Every head has a learned logit beside those of the tokens.");
  fields.optional("sliding_window", sliding_window, "Tokens before it that a token sees; all if absent.", at_least_one);
  fields.optional("sliding_window_pattern", sliding_window_pattern,
                  "Every so many-th layer sees all tokens; none does if absent.", at_least_one);
  fields.check("sliding_window_pattern", sliding_window_pattern == 0 || sliding_window > 0,
               "has an effect with sliding_window only");
  fields.optional("q_lora_rank", q_lora_rank, "Width that queries are compressed to.", at_least_one);
  fields.optional("kv_lora_rank", kv_lora_rank, "Width that keys and values are compressed to (latent attention).",
                  at_least_one);
  fields.check("qk_layernorm", !qk_layernorm || !latent_attention(), "latent attention has norms in any case");
  const bool own_width = head_size > 0 || latent_attention();
  fields.check("num_attention_heads", num_attention_heads <= 0 || own_width || hidden_size % num_attention_heads == 0,
               "hidden_size must be a multiple of num_attention_heads");
  fields.optional("qk_nope_head_dim", qk_nope_head_dim, "Part of a query's head without position.", at_least_one);
  fields.optional("qk_rope_head_dim", qk_rope_head_dim, "Part of a query's head that is rotated.", at_least_one);
  fields.optional("v_head_dim", v_head_dim, "Width of one head of values.", at_least_one);
  if (latent_attention()) {
    fields.check("kv_lora_rank", qk_nope_head_dim > 0 && qk_rope_head_dim > 0 && v_head_dim > 0,
                 "latent attention needs qk_nope_head_dim, qk_rope_head_dim and v_head_dim");
    fields.check("num_key_value_heads", num_key_value_heads == num_attention_heads,
                 "latent attention has as many key and value heads as attention heads");
  } else {
    fields.check("name", q_lora_rank + qk_nope_head_dim + qk_rope_head_dim + v_head_dim == 0,
                 "describes latent attention, but has no kv_lora_rank");
  }
}

void Model::describe_experts(Fields& fields) {
  fields.optional("num_experts", num_experts, "Routed experts of a layer; a dense model if absent.", at_least_one);
  fields.optional("num_experts_per_tok", num_experts_per_tok, "Routed experts that see a token.", at_least_one);
  fields.optional("moe_intermediate_size", moe_intermediate_size, "Width of one routed expert.", at_least_one);
  fields.optional("n_shared_experts", n_shared_experts, "Experts that see every token.", at_least_one);
  shared_expert_intermediate_size = n_shared_experts * moe_intermediate_size;
  fields.optional("shared_expert_intermediate_size", shared_expert_intermediate_size,
                  "Width of all shared experts together; n_shared_experts times moe_intermediate_size if absent.",
                  at_least_one);
  fields.optional("first_k_dense_replace", first_k_dense_replace, "Layers before the first one with experts.",
                  non_negative);
  fields.optional("moe_layer_freq", moe_layer_freq, "Of the others, every so many-th has experts.", at_least_one);
  fields.optional("n_group", n_group, "Groups of experts, of which a token goes to the best few.", at_least_one);
  topk_group = n_group;
  fields.optional("topk_group", topk_group, "So many; all if absent.", at_least_one);
  fields.check("n_group", n_group == 0 || num_experts % n_group == 0, "does not divide num_experts");
  fields.check("topk_group", topk_group <= n_group, "more than there are groups");
  fields.check("topk_group", n_group == 0 || num_experts_per_tok <= num_experts / n_group * topk_group,
               "groups with too few experts for num_experts_per_tok");
  fields.optional("num_nextn_predict_layers", num_nextn_predict_layers,
                  "Modules behind the last layer that predict one token further each.", at_least_one);
  fields.check("num_nextn_predict_layers", num_nextn_predict_layers == 0 || encoder_layers == 0,
               "a model with an encoder predicts one token");
  if (num_experts > 0) {
    fields.check("num_experts", num_experts_per_tok > 0 && moe_intermediate_size > 0,
                 "experts need num_experts_per_tok and moe_intermediate_size");
    fields.check("num_experts_per_tok", num_experts_per_tok <= num_experts, "more than there are experts");
    fields.check("first_k_dense_replace", first_k_dense_replace < num_hidden_layers, "leaves no layer with experts");
    fields.check("moe_layer_freq", moe_layer_freq <= num_hidden_layers, "leaves no layer with experts");
  } else {
    const bool stray = num_experts_per_tok + moe_intermediate_size + n_shared_experts +
                           shared_expert_intermediate_size + first_k_dense_replace >
                       0;
    fields.check("name", !stray, "describes experts, but has no num_experts");
  }
}

double Model::attention_weights() const {
  const auto h = static_cast<double>(hidden_size), q = static_cast<double>(query_width());
  const auto kv = static_cast<double>(key_width() + value_width()), out = static_cast<double>(output_width());
  const double output = out * h + (bias ? h : 0);
  if (!latent_attention()) return h * (q + kv) + output + (bias ? q + kv : 0);
  const auto latent = static_cast<double>(kv_lora_rank), position = static_cast<double>(qk_rope_head_dim);
  const auto up = static_cast<double>(num_attention_heads * (qk_nope_head_dim + v_head_dim));
  const auto compressed = static_cast<double>(q_lora_rank);  // each compression ends in a norm
  const double queries = compressed > 0 ? compressed * (h + 1 + q) : h * q;
  return queries + h * (latent + position) + latent * (1 + up) + output;
}

Weights Model::layer_weights(std::int64_t layer) const {
  if (!operators.empty()) return {.dense = operators[static_cast<std::size_t>(layer)].weights()};
  const auto h = static_cast<double>(hidden_size);
  const double attention = (crosses(layer) ? 2 : 1) * attention_weights();
  const double norms = (bias ? 2 : 1) * ((parallel_residual ? 1 : 2) + (crosses(layer) ? 1 : 0)) * h;
  if (!has_experts(layer)) return {.dense = attention + norms + mlp_weights(*this, intermediate_size)};
  const auto experts = static_cast<double>(num_experts);
  const double shared = shared_expert_intermediate_size > 0 ? mlp_weights(*this, shared_expert_intermediate_size) : 0;
  return {.dense = attention + norms + h * experts + shared,  // h x experts: the router
          .expert = experts * mlp_weights(*this, moe_intermediate_size)};
}

Weights Model::prediction_weights() const {
  const auto h = static_cast<double>(hidden_size);
  Weights weights = layer_weights(num_hidden_layers - 1);
  weights.dense += 2 * h * h + (bias ? 6 : 3) * h;
  return weights;
}

double Model::embedding_parameters() const {
  if (!operators.empty()) return 0;
  const auto h = static_cast<double>(hidden_size);
  const double positions = learned_positions ? static_cast<double>(max_position_embeddings) * h : 0;
  return static_cast<double>(vocab_size) * h + positions + (embedding_norm ? 2 * h : 0);
}

Weights Model::weights() const {
  const double head = tie_word_embeddings ? 0 : static_cast<double>(vocab_size * hidden_size);
  const double final_norm = !operators.empty() ? 0 : static_cast<double>((bias ? 2 : 1) * hidden_size);
  Weights sum{.dense = embedding_parameters() + final_norm + head};
  for (std::int64_t layer = 0; layer < num_hidden_layers; ++layer) sum += layer_weights(layer);
  return sum;
}

double Model::parameters() const { return weights().total(); }

double Model::active_parameters() const {
  const Weights all = weights();
  if (num_experts == 0) return all.dense;
  return all.dense + all.expert * static_cast<double>(num_experts_per_tok) / static_cast<double>(num_experts);
}

}  // namespace traingrid

#include "workload/model.hpp"

namespace traingrid {

void Model::describe(Fields& fields) {
  fields.required("name", name, "Name of the model.");
  fields.required("hidden_size", hidden_size, "Width of the residual stream.", at_least_one);
  fields.required("num_hidden_layers", num_hidden_layers, "Transformer layers.", at_least_one);
  fields.required("num_attention_heads", num_attention_heads, "Attention heads.", at_least_one);
  fields.check("num_attention_heads", num_attention_heads <= 0 || hidden_size % num_attention_heads == 0,
               "hidden_size must be a multiple of num_attention_heads");
  num_key_value_heads = num_attention_heads;
  fields.optional("num_key_value_heads", num_key_value_heads,
                  "Key and value heads; as many as attention heads if absent.", at_least_one);
  fields.check("num_key_value_heads", num_key_value_heads <= 0 || num_attention_heads % num_key_value_heads == 0,
               "num_attention_heads must be a multiple of num_key_value_heads");
  fields.required("intermediate_size", intermediate_size, "Width inside the MLP.", at_least_one);
  fields.required("vocab_size", vocab_size, "Rows of the embedding, padded as trained.", at_least_one);
  fields.required("max_position_embeddings", max_position_embeddings, "Longest sequence.", at_least_one);
  fields.optional("gated_mlp", gated_mlp, "Three MLP matrices (SwiGLU) instead of two.");
  fields.optional("learned_positions", learned_positions, "A learned table of position embeddings.");
  fields.optional("embedding_norm", embedding_norm, "A layer norm after the embedding.");
  fields.optional("tie_word_embeddings", tie_word_embeddings, "The head shares the weights of the embedding.");
  fields.optional("dropout", dropout, "Dropout after attention and MLP.");
  fields.optional("bias", bias, "Biases in the linear layers.");
}

double Model::layer_parameters() const {
  const auto h = static_cast<double>(hidden_size), f = static_cast<double>(intermediate_size);
  const double kv = static_cast<double>(num_key_value_heads * head_dim());
  const double matrices = h * (h + 2 * kv) + h * h + (gated_mlp ? 3 : 2) * h * f;
  const double biases = bias ? (h + 2 * kv) + h + (gated_mlp ? 2 : 1) * f + h : 0;
  return matrices + biases + (bias ? 4 : 2) * h;  // two norms
}

double Model::embedding_parameters() const {
  const auto h = static_cast<double>(hidden_size);
  const double positions = learned_positions ? static_cast<double>(max_position_embeddings) * h : 0;
  return static_cast<double>(vocab_size) * h + positions + (embedding_norm ? 2 * h : 0);
}

double Model::parameters() const {
  const double head = tie_word_embeddings ? 0 : static_cast<double>(vocab_size * hidden_size);
  const double final_norm = static_cast<double>((bias ? 2 : 1) * hidden_size);
  return static_cast<double>(num_hidden_layers) * layer_parameters() + embedding_parameters() + final_norm + head;
}

}  // namespace traingrid

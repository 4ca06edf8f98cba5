// A transformer as its configuration describes it, dense or with experts, or a list of operators. Field names are those
// of Hugging Face's config.json.
#pragma once

#include "input/fields.hpp"
#include "workload/operator_list.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Numbers of weights: those that every token passes, and those of routed experts, of which it passes a few.
struct Weights {
  double dense = 0, expert = 0;

  constexpr double total() const { return dense + expert; }
  constexpr Weights& operator+=(Weights other) {
    dense += other.dense;
    expert += other.expert;
    return *this;
  }
  friend constexpr Weights operator+(Weights a, Weights b) { return a += b; }
  friend constexpr Weights operator-(Weights a, Weights b) { return {a.dense - b.dense, a.expert - b.expert}; }
};

struct Model {
  std::string name;
  std::vector<ListedOperator> operators;  ///< not empty: no transformer but these, each a layer; nothing below counts
  std::int64_t hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0, num_key_value_heads = 0;
  std::int64_t intermediate_size = 0, vocab_size = 0, max_position_embeddings = 0;
  std::int64_t head_size = 0;       ///< `head_dim` of the file; 0: hidden_size over the heads
  bool gated_mlp = false;           ///< three matrices instead of two (SwiGLU), in experts too
  bool rotary = false;              ///< queries and keys are rotated by their position
  bool learned_positions = false;   ///< a table of max_position_embeddings rows
  bool embedding_norm = false;      ///< a layer norm after the embedding (BLOOM)
  bool tie_word_embeddings = true;  ///< the head shares the embedding's weights
  bool dropout = true, bias = true;
  bool squared_relu = false;  ///< of the MLP, in two kernels forward and four backward, which no release fuses
  double swiglu_limit = 0;    ///< what comes out of the first matrices is clamped to that; 0: it is not
  bool causal = true;         ///< a token sees those before it; else all of its sequence
  std::int64_t encoder_layers =
      0;                           ///< the first layers, which see all of the input; those after attend to their output
  bool parallel_residual = false;  ///< attention and MLP read the same norm; one sum over tensor ranks for both
  bool qk_layernorm = false;       ///< heads of queries and keys have norms of their own (Megatron Core's name)
  bool attention_sinks = false;    ///< every head has a learned logit beside those of the tokens it sees
  std::int64_t sliding_window = 0;          ///< a token sees so many before it; 0: all
  std::int64_t sliding_window_pattern = 0;  ///< every so many-th layer sees all tokens; 0: none does

  std::int64_t q_lora_rank = 0;   ///< width that queries are compressed to; 0: not compressed
  std::int64_t kv_lora_rank = 0;  ///< width that keys and values are compressed to: latent attention; 0: none
  std::int64_t qk_nope_head_dim = 0, qk_rope_head_dim = 0;  ///< parts of a query or key without and with position
  std::int64_t v_head_dim = 0;

  std::int64_t num_experts = 0;                      ///< routed experts of a layer; 0: a dense model
  std::int64_t num_experts_per_tok = 0;              ///< of them, those that see a token
  std::int64_t moe_intermediate_size = 0;            ///< width of one routed expert
  std::int64_t n_shared_experts = 0;                 ///< experts that see every token, run as one MLP
  std::int64_t shared_expert_intermediate_size = 0;  ///< width of all shared experts together
  std::int64_t first_k_dense_replace = 0;            ///< layers before the first one with experts
  std::int64_t moe_layer_freq = 1;                   ///< of the others, every so many-th has experts
  std::int64_t n_group = 0;     ///< groups of experts, of which a token goes to the best few; 0: not in groups
  std::int64_t topk_group = 0;  ///< so many (DeepSeek-AI 2024, arXiv 2412.19437, section 2.1.2: node-limited routing)

  /// Modules behind the last layer, each a layer of its own that predicts one token further with the model's embedding
  /// and head (multi-token prediction; DeepSeek-AI 2024, arXiv 2412.19437, section 2.2).
  std::int64_t num_nextn_predict_layers = 0;

  void describe(Fields& fields);
  friend bool operator==(const Model&, const Model&) = default;

  /// Whether keys and values go through a latent vector (DeepSeek-AI 2024, arXiv 2405.04434).
  bool latent_attention() const { return kv_lora_rank > 0; }
  /// Of a query and of a key: hidden_size over the heads, unless the file states it.
  std::int64_t head_dim() const {
    if (latent_attention()) return qk_nope_head_dim + qk_rope_head_dim;
    return head_size > 0 ? head_size : hidden_size / num_attention_heads;
  }
  std::int64_t value_head_dim() const { return latent_attention() ? v_head_dim : head_dim(); }
  /// All heads side by side.
  std::int64_t query_width() const { return num_attention_heads * head_dim(); }
  std::int64_t key_width() const { return num_key_value_heads * head_dim(); }
  std::int64_t value_width() const { return num_key_value_heads * value_head_dim(); }
  std::int64_t output_width() const { return num_attention_heads * value_head_dim(); }
  bool has_experts(std::int64_t layer) const {
    return num_experts > 0 && layer >= first_k_dense_replace && (layer + 1) % moe_layer_freq == 0;
  }
  /// Whether a layer attends to the output of an encoder, beside its own tokens.
  bool crosses(std::int64_t layer) const { return encoder_layers > 0 && layer >= encoder_layers; }
  /// Whether a layer attends to a window only.
  bool windowed(std::int64_t layer) const {
    return sliding_window > 0 && (sliding_window_pattern == 0 || (layer + 1) % sliding_window_pattern != 0);
  }

  /// Weights of one layer, of the embeddings (token and position), and of everything.
  Weights layer_weights(std::int64_t layer) const;
  /// Of one module of multi-token prediction: its layer, a projection from two streams to one, three norms.
  Weights prediction_weights() const;
  double embedding_parameters() const;
  double parameters() const;  ///< without modules of multi-token prediction, as publishers count
  /// Those that one token passes.
  double active_parameters() const;

 private:
  void describe_transformer(Fields& fields);
  void describe_attention(Fields& fields);
  void describe_experts(Fields& fields);
  double attention_weights() const;
  Weights weights() const;
};

}  // namespace traingrid

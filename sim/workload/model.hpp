// A transformer as its configuration describes it. Field names are those of Hugging Face's config.json.
#pragma once

#include "input/fields.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace traingrid {

struct Model {
  std::string name;
  std::int64_t hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0, num_key_value_heads = 0;
  std::int64_t intermediate_size = 0, vocab_size = 0, max_position_embeddings = 0;
  bool gated_mlp = false;           ///< three matrices instead of two (SwiGLU)
  bool learned_positions = false;   ///< a table of max_position_embeddings rows
  bool embedding_norm = false;      ///< a layer norm after the embedding (BLOOM)
  bool tie_word_embeddings = true;  ///< the head shares the embedding's weights
  bool dropout = true, bias = true;

  void describe(Fields& fields);

  std::int64_t head_dim() const { return hidden_size / num_attention_heads; }
  /// Weights of one layer, of the embeddings (token and position), and of everything.
  double layer_parameters() const;
  double embedding_parameters() const;
  double parameters() const;
};

}  // namespace traingrid

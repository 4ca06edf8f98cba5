#include "input/hugging_face.hpp"

#include "input/problems.hpp"
#include "input/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>
#include <vector>

namespace traingrid {
namespace {

/// A key of theirs, and what it is called here.
struct Key {
  std::string_view theirs, ours;
  bool required = false;
};

/// A value that the architecture implies, or its default for a key of ours that the file leaves out.
struct Implied {
  std::string_view ours, value;
};

constexpr std::array kDecoder{Key{"hidden_size", "hidden_size", true},
                              Key{"num_hidden_layers", "num_hidden_layers", true},
                              Key{"num_attention_heads", "num_attention_heads", true},
                              Key{"num_key_value_heads", "num_key_value_heads"},
                              Key{"vocab_size", "vocab_size", true},
                              Key{"max_position_embeddings", "max_position_embeddings", true},
                              Key{"tie_word_embeddings", "tie_word_embeddings"}};
constexpr std::array kHeads{Key{"head_dim", "head_dim"}};
constexpr std::array kMlp{Key{"intermediate_size", "intermediate_size", true}};
constexpr std::array kWindow{Key{"sliding_window", "sliding_window"}};
// Every so many-th layer sees all tokens. Norms behind attention and MLP, of Gemma 2 and 3 beside those before them,
// are not counted.
constexpr std::array kGemmaWindow{Key{"sliding_window", "sliding_window"},
                                  Key{"sliding_window_pattern", "sliding_window_pattern"}};
constexpr std::array kGemma3{Key{"hidden_size", "hidden_size", true},
                             Key{"num_hidden_layers", "num_hidden_layers", true},
                             Key{"num_attention_heads", "num_attention_heads"},
                             Key{"num_key_value_heads", "num_key_value_heads"},
                             Key{"vocab_size", "vocab_size"},
                             Key{"max_position_embeddings", "max_position_embeddings"},
                             Key{"tie_word_embeddings", "tie_word_embeddings"}};
constexpr std::array kMixtral{Key{"num_local_experts", "num_experts", true},
                              Key{"num_experts_per_tok", "num_experts_per_tok", true},
                              Key{"intermediate_size", "moe_intermediate_size", true}};
constexpr std::array kQwenExperts{Key{"num_experts", "num_experts", true},
                                  Key{"num_experts_per_tok", "num_experts_per_tok", true},
                                  Key{"moe_intermediate_size", "moe_intermediate_size", true},
                                  Key{"shared_expert_intermediate_size", "shared_expert_intermediate_size"},
                                  Key{"decoder_sparse_step", "moe_layer_freq"}};
constexpr std::array kDeepSeek{Key{"n_routed_experts", "num_experts", true},
                               Key{"num_experts_per_tok", "num_experts_per_tok", true},
                               Key{"moe_intermediate_size", "moe_intermediate_size", true},
                               Key{"n_shared_experts", "n_shared_experts"},
                               Key{"first_k_dense_replace", "first_k_dense_replace"},
                               Key{"moe_layer_freq", "moe_layer_freq"},
                               Key{"n_group", "n_group"},
                               Key{"topk_group", "topk_group"},
                               Key{"num_nextn_predict_layers", "num_nextn_predict_layers"},
                               Key{"q_lora_rank", "q_lora_rank"},
                               Key{"kv_lora_rank", "kv_lora_rank", true},
                               Key{"qk_nope_head_dim", "qk_nope_head_dim", true},
                               Key{"qk_rope_head_dim", "qk_rope_head_dim", true},
                               Key{"v_head_dim", "v_head_dim", true}};
constexpr std::array kGpt2{Key{"n_embd", "hidden_size", true},
                           Key{"n_layer", "num_hidden_layers", true},
                           Key{"n_head", "num_attention_heads", true},
                           Key{"n_inner", "intermediate_size"},
                           Key{"vocab_size", "vocab_size", true},
                           Key{"n_positions", "max_position_embeddings", true},
                           Key{"tie_word_embeddings", "tie_word_embeddings"}};
constexpr std::array kNeox{Key{"use_parallel_residual", "parallel_residual"}};

// Of all decoders since LLaMA: rotary positions, a gated MLP, RMSNorm, neither biases nor dropout.
constexpr std::array kLlamaStyle{Implied{"gated_mlp", "true"}, Implied{"rotary", "true"}, Implied{"bias", "false"},
                                 Implied{"dropout", "false"}};
constexpr std::array kUntied{Implied{"tie_word_embeddings", "false"}};
constexpr std::array kQwen3Style{Implied{"tie_word_embeddings", "false"}, Implied{"qk_layernorm", "true"}};
constexpr std::array kTied{Implied{"tie_word_embeddings", "true"}};
constexpr std::array kGemma2Style{Implied{"tie_word_embeddings", "true"}, Implied{"sliding_window_pattern", "2"},
                                  Implied{"sliding_window", "4096"}};
constexpr std::array kGemma3Style{Implied{"tie_word_embeddings", "true"},
                                  Implied{"sliding_window_pattern", "6"},
                                  Implied{"sliding_window", "4096"},
                                  Implied{"qk_layernorm", "true"},
                                  Implied{"num_attention_heads", "8"},
                                  Implied{"num_key_value_heads", "4"},
                                  Implied{"head_dim", "256"},
                                  Implied{"vocab_size", "262208"},
                                  Implied{"max_position_embeddings", "131072"}};
constexpr std::array kGpt2Style{Implied{"learned_positions", "true"}, Implied{"tie_word_embeddings", "true"}};
constexpr std::array kNeoxStyle{Implied{"rotary", "true"}, Implied{"parallel_residual", "true"},
                                Implied{"tie_word_embeddings", "false"}, Implied{"dropout", "false"}};

using Keys = std::span<const Key>;
using Values = std::span<const Implied>;

/// One architecture of huggingface/transformers, src/transformers/models/<model_type>/configuration_<model_type>.py.
struct Architecture {
  std::string_view model_type;
  std::array<Keys, 4> keys;
  std::array<Values, 2> implied;
  bool window_is_switched = false;  ///< `sliding_window` counts where `use_sliding_window` says so
  int mlp_ratio = 0;                ///< intermediate_size over hidden_size where the file states none
};

constexpr std::array kArchitectures{
    Architecture{"llama", {kDecoder, kHeads, kMlp}, {kLlamaStyle, kUntied}},
    Architecture{"mistral", {kDecoder, kHeads, kMlp, kWindow}, {kLlamaStyle, kUntied}},
    Architecture{"mixtral", {kDecoder, kHeads, kMixtral, kWindow}, {kLlamaStyle, kUntied}},
    Architecture{"qwen2", {kDecoder, kHeads, kMlp, kWindow}, {kLlamaStyle, kUntied}, true},
    Architecture{"qwen3", {kDecoder, kHeads, kMlp, kWindow}, {kLlamaStyle, kQwen3Style}, true},
    Architecture{"qwen2_moe", {kDecoder, kHeads, kQwenExperts, kWindow}, {kLlamaStyle, kUntied}, true},
    Architecture{"qwen3_moe", {kDecoder, kHeads, kQwenExperts, kWindow}, {kLlamaStyle, kQwen3Style}, true},
    Architecture{"deepseek_v3", {kDecoder, kMlp, kDeepSeek}, {kLlamaStyle, kUntied}},
    Architecture{"gemma", {kDecoder, kHeads, kMlp}, {kLlamaStyle, kTied}},
    Architecture{"gemma2", {kDecoder, kHeads, kMlp, kGemmaWindow}, {kLlamaStyle, kGemma2Style}},
    Architecture{"gemma3_text", {kGemma3, kHeads, kMlp, kGemmaWindow}, {kLlamaStyle, kGemma3Style}},
    Architecture{"gpt2", {kGpt2}, {kGpt2Style}, false, 4},
    Architecture{"gpt_neox", {kDecoder, kMlp, kNeox}, {kNeoxStyle}},
};

bool is_stated(const Entry* entry) { return entry != nullptr && entry->value.kind != Node::Kind::null; }

Node scalar(std::string text, const Node& beside) {
  return {.kind = Node::Kind::scalar, .text = std::move(text), .mark = beside.mark, .provenance = beside.provenance};
}

void add(Node& model, std::string_view key, Node value) {
  const Mark mark = value.mark;
  if (model.find(key) == nullptr) model.entries.push_back({std::string(key), mark, std::move(value)});
}

/// What a key that must be there lacks of being there.
void add_stated(Node& model, const Node& config, const Architecture& architecture, Problems& problems) {
  const Entry* on = config.find("use_sliding_window");
  const bool windowed = !architecture.window_is_switched || (on != nullptr && on->value.text == "true");
  for (const Keys& keys : architecture.keys) {
    for (const Key& key : keys) {
      if (key.ours == "sliding_window" && !windowed) continue;
      const Entry* entry = config.find(key.theirs);
      if (is_stated(entry)) {
        model.entries.push_back({std::string(key.ours), entry->mark, entry->value});
      } else if (key.required) {
        problems.add(config.mark,
                     fmt::format("a model of type '{}' lacks the key '{}'", architecture.model_type, key.theirs),
                     "import the config.json as published");
        model.kind = Node::Kind::invalid;
      }
    }
  }
}

/// The MLP of an architecture whose files leave its width out.
void add_mlp(Node& model, int ratio) {
  const Entry* hidden = model.find("hidden_size");
  std::int64_t width = 0;
  if (ratio == 0 || hidden == nullptr || !hidden->value.is_scalar()) return;
  const std::string& text = hidden->value.text;
  if (std::from_chars(text.data(), text.data() + text.size(), width).ec != std::errc{}) return;
  add(model, "intermediate_size", scalar(std::to_string(ratio * width), hidden->value));
}

}  // namespace

std::string hugging_face_architectures() {
  std::string names;
  for (const Architecture& architecture : kArchitectures)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", architecture.model_type);
  return names;
}

Node import_hugging_face(const Node& whole, Problems& problems) {
  const Entry* text = whole.find("text_config");  // the language model beside an encoder of images
  const Node& config = text != nullptr && text->value.is_mapping() ? text->value : whole;
  Node model{.kind = Node::Kind::mapping, .mark = config.mark, .provenance = config.provenance};
  const Entry* type = config.find("model_type");
  if (!is_stated(type) || !type->value.is_scalar()) {
    problems.add(config.mark, "a config.json to import must hold 'model_type'",
                 fmt::format("known: {}", hugging_face_architectures()));
    model.kind = Node::Kind::invalid;
    return model;
  }
  const auto* found = std::ranges::find(kArchitectures, std::string_view(type->value.text), &Architecture::model_type);
  if (found == kArchitectures.end()) {
    problems.add(type->value.mark, fmt::format("the architecture '{}' is not known", type->value.text),
                 fmt::format("known: {}", hugging_face_architectures()));
    model.kind = Node::Kind::invalid;
    return model;
  }
  add_stated(model, config, *found, problems);
  const Entry* name = config.find("_name_or_path");
  const bool named = is_stated(name) && !name->value.text.empty();
  add(model, "name", named ? name->value : scalar(type->value.text, type->value));
  for (const Values& values : found->implied) {
    for (const Implied& implied : values) add(model, implied.ours, scalar(std::string(implied.value), type->value));
  }
  add_mlp(model, found->mlp_ratio);
  return model;
}

}  // namespace traingrid

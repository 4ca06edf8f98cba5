#include "catch.hpp"
#include "input/inputs.hpp"
#include "workload/model.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace traingrid;

namespace {

/// A model file that imports a config.json, both in a temporary directory.
class Import {
 public:
  explicit Import(const std::string& config, const std::string& beside = "")
      : directory_(std::filesystem::temp_directory_path() / ("traingrid_import_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ / "config.json") << config;
    std::ofstream(directory_ / "model.yaml") << "import: config.json\n" << beside;
  }
  ~Import() { std::filesystem::remove_all(directory_); }
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  Model model() const {
    Inputs inputs(Catalogue({directory_}));
    Document document = inputs.open<Model>("models", (directory_ / "model.yaml").string());
    auto model = inputs.read<Model>(document);
    inputs.finish();
    return model;
  }
  /// What is wrong, without the directory.
  std::string complaint() const {
    try {
      model();
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string path = directory_.string() + "/";
      for (auto at = text.find(path); at != std::string::npos; at = text.find(path)) text.erase(at, path.size());
      return text;
    }
    return "";
  }

 private:
  std::filesystem::path directory_;
};

// The shapes of published models; what such files hold beside is left out by the import.
const std::string kLlama = R"({
  "_name_or_path": "meta-llama/Llama-3.1-405B", "architectures": ["LlamaForCausalLM"], "attention_bias": false,
  "bos_token_id": 128000, "hidden_act": "silu", "hidden_size": 16384, "initializer_range": 0.02,
  "intermediate_size": 53248, "max_position_embeddings": 131072, "model_type": "llama", "num_attention_heads": 128,
  "num_hidden_layers": 126, "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 500000.0,
  "rope_scaling": {"factor": 8.0, "rope_type": "llama3"}, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
  "use_cache": true, "vocab_size": 128256
})";

struct Published {
  std::string config;
  double parameters, active;
};

}  // namespace

TEST_CASE("a config.json unchanged gives the model that it describes") {
  const Model model = Import(kLlama).model();
  CHECK(model.name == "meta-llama/Llama-3.1-405B");
  CHECK(model.hidden_size == 16384);
  CHECK(model.num_key_value_heads == 8);
  CHECK(model.gated_mlp);
  CHECK(model.rotary);
  CHECK_FALSE(model.bias);
  CHECK_FALSE(model.dropout);
  CHECK_FALSE(model.tie_word_embeddings);
  CHECK(model.parameters() == 405'853'388'800);
}

TEST_CASE("imported models of every architecture have the parameters that were published, within 1 %") {
  const std::vector<Published> all{
      {R"({"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
           "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 4096,
           "vocab_size": 32000})",
       7.24e9, 7.24e9},
      {R"({"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
           "num_attention_heads": 32, "num_experts_per_tok": 2, "num_hidden_layers": 32, "num_key_value_heads": 8,
           "num_local_experts": 8, "sliding_window": null, "vocab_size": 32000})",
       46.7e9, 12.9e9},
      {R"({"model_type": "qwen2", "hidden_size": 8192, "intermediate_size": 29568, "max_position_embeddings": 131072,
           "num_attention_heads": 64, "num_hidden_layers": 80, "num_key_value_heads": 8, "sliding_window": 131072,
           "use_sliding_window": false, "tie_word_embeddings": false, "vocab_size": 152064})",
       72.7e9, 72.7e9},
      {R"({"model_type": "qwen3", "head_dim": 128, "hidden_size": 5120, "intermediate_size": 25600,
           "max_position_embeddings": 40960, "num_attention_heads": 64, "num_hidden_layers": 64,
           "num_key_value_heads": 8, "sliding_window": null, "vocab_size": 151936})",
       32.8e9, 32.8e9},
      {R"({"model_type": "qwen2_moe", "hidden_size": 2048, "intermediate_size": 5632, "moe_intermediate_size": 1408,
           "shared_expert_intermediate_size": 5632, "num_experts": 60, "num_experts_per_tok": 4,
           "max_position_embeddings": 8192, "num_attention_heads": 16, "num_hidden_layers": 24,
           "num_key_value_heads": 16, "decoder_sparse_step": 1, "vocab_size": 151936})",
       14.3e9, 2.7e9},
      {R"({"model_type": "qwen3_moe", "head_dim": 128, "hidden_size": 4096, "intermediate_size": 12288,
           "moe_intermediate_size": 1536, "num_experts": 128, "num_experts_per_tok": 8, "mlp_only_layers": [],
           "max_position_embeddings": 40960, "num_attention_heads": 64, "num_hidden_layers": 94,
           "num_key_value_heads": 4, "decoder_sparse_step": 1, "vocab_size": 151936})",
       235e9, 22e9},
      {R"({"model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048,
           "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 3,
           "moe_layer_freq": 1, "n_group": 8, "topk_group": 4, "q_lora_rank": 1536, "kv_lora_rank": 512,
           "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "num_attention_heads": 128,
           "num_key_value_heads": 128, "num_hidden_layers": 61, "max_position_embeddings": 163840,
           "num_nextn_predict_layers": 1, "vocab_size": 129280})",
       671e9, 37.5e9},
      {R"({"model_type": "gemma", "head_dim": 256, "hidden_size": 3072, "intermediate_size": 24576,
           "max_position_embeddings": 8192, "num_attention_heads": 16, "num_hidden_layers": 28,
           "num_key_value_heads": 16, "vocab_size": 256000})",
       8.54e9, 8.54e9},
      {R"({"model_type": "gemma2", "head_dim": 128, "hidden_size": 4608, "intermediate_size": 36864,
           "max_position_embeddings": 8192, "num_attention_heads": 32, "num_hidden_layers": 46,
           "num_key_value_heads": 16, "sliding_window": 4096, "attn_logit_softcapping": 50.0, "vocab_size": 256000})",
       27.2e9, 27.2e9},
      {R"({"model_type": "gemma3", "mm_tokens_per_image": 256, "vision_config": {"hidden_size": 1152}, "text_config":
           {"model_type": "gemma3_text", "hidden_size": 5376, "intermediate_size": 21504, "num_attention_heads": 32,
            "num_hidden_layers": 62, "num_key_value_heads": 16, "head_dim": 128, "sliding_window": 1024}})",
       27.0e9, 27.0e9},
      {R"({"model_type": "gpt2", "n_embd": 1600, "n_head": 25, "n_layer": 48, "n_positions": 1024, "n_inner": null,
           "vocab_size": 50257})",
       1.558e9, 1.558e9},
      {R"({"model_type": "gpt_neox", "hidden_size": 6144, "intermediate_size": 24576, "max_position_embeddings": 2048,
           "num_attention_heads": 64, "num_hidden_layers": 44, "vocab_size": 50432})",
       20.6e9, 20.6e9}};
  for (const Published& published : all) {
    INFO(published.config);
    const Model model = Import(published.config).model();
    CHECK(model.parameters() == Approx(published.parameters).epsilon(0.01));
    CHECK(model.active_parameters() == Approx(published.active).epsilon(0.02));
  }
}

TEST_CASE("keys beside an import go before what it says") {
  const Model model = Import(kLlama, "name: Half a Llama\nnum_hidden_layers: 63\n").model();
  CHECK(model.name == "Half a Llama");
  CHECK(model.num_hidden_layers == 63);
}

TEST_CASE("a window that is switched off is none") {
  const std::string config = R"({"model_type": "qwen2", "hidden_size": 512, "intermediate_size": 2048,
    "max_position_embeddings": 4096, "num_attention_heads": 8, "num_hidden_layers": 4, "sliding_window": 1024,
    "vocab_size": 1024, "use_sliding_window": )";
  CHECK(Import(config + "false}").model().sliding_window == 0);
  CHECK(Import(config + "true}").model().sliding_window == 1024);
}

TEST_CASE("of Gemma 2 every second layer, of Gemma 3 every sixth, sees all tokens, unless the file says otherwise") {
  const auto pattern = [](const std::string& keys) {
    const Model model = Import(R"({"hidden_size": 512, "intermediate_size": 2048, "max_position_embeddings": 4096,
      "num_attention_heads": 8, "num_hidden_layers": 12, "vocab_size": 1024, "sliding_window": 1024, )" +
                               keys + "}")
                            .model();
    int windowed = 0;
    for (int layer = 0; layer < 12; ++layer) windowed += model.windowed(layer) ? 1 : 0;
    return windowed;
  };
  CHECK(pattern(R"("model_type": "gemma2")") == 6);
  CHECK(pattern(R"("model_type": "gemma3_text")") == 10);
  CHECK(pattern(R"("model_type": "gemma3_text", "sliding_window_pattern": 3)") == 8);
}

TEST_CASE("an architecture that is not known is answered with those that are, in its place") {
  CHECK(
      Import("{\n  \"model_type\": \"t5\"\n}\n").complaint() ==
      "config.json:2:17: the architecture 't5' is not known; known: llama, mistral, mixtral, qwen2, qwen3, qwen2_moe, "
      "qwen3_moe, deepseek_v3, gemma, gemma2, gemma3_text, gpt2, gpt_neox\n    \"model_type\": \"t5\"\n                "
      "  ^");
  CHECK(Import("{\"hidden_size\": 8}\n")
            .complaint()
            .starts_with("config.json:1:1: a config.json to import must hold 'model_type'; known: llama, "));
}

TEST_CASE("every problem of an imported file is told with its place") {
  const std::string complaint = Import(R"({
  "model_type": "llama",
  "hidden_size": -1,
  "num_hidden_layers": "many",
  "num_attention_heads": 8, "intermediate_size": 64, "vocab_size": 64, "max_position_embeddings": 64
}
)")
                                    .complaint();
  CHECK(complaint.find("config.json:3:18: 'hidden_size' must be at least 1, not '-1'") != std::string::npos);
  CHECK(complaint.find("config.json:4:24: 'num_hidden_layers' must be a whole number, not 'many'") !=
        std::string::npos);
  const std::string missing = Import("{\"model_type\": \"gpt2\", \"n_layer\": 2}").complaint();
  for (const std::string key : {"n_embd", "n_head", "vocab_size", "n_positions"}) {
    CHECK(missing.find("a model of type 'gpt2' lacks the key '" + key + "'") != std::string::npos);
  }
}

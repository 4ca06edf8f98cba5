#include "workload/model.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"
#include "toy.hpp"

#include <cctype>
#include <map>
#include <regex>

using namespace traingrid;

TEST_CASE("a GPT layer has 12 h^2 + 13 h weights") {
  const Model model = toy_model({.hidden = 512});
  CHECK(model.layer_weights(0).dense == 12 * 512.0 * 512.0 + 13 * 512.0);
}

TEST_CASE("a GPT has 12 L h^2 (1 + 13/12h + (V + s)/12Lh) weights, and a final norm") {
  const Model model = toy_model({.layers = 6, .hidden = 512, .vocabulary = 1024, .sequence = 256});
  const double formula = 12 * 6 * 512.0 * 512.0 * (1 + 13 / (12 * 512.0) + (1024 + 256.0) / (12 * 6 * 512.0));
  CHECK(model.parameters() == Approx(formula + 2 * 512).epsilon(1e-12));
}

TEST_CASE("gated MLPs, grouped key/value heads and an untied head change the weights by what they are") {
  const Model plain = toy_model({.hidden = 512, .heads = 8, .vocabulary = 1024});
  Model gated = plain, grouped = plain, untied = plain;
  gated.gated_mlp = true;
  grouped.num_key_value_heads = 2;
  untied.tie_word_embeddings = false;
  CHECK(gated.layer_weights(0).dense - plain.layer_weights(0).dense == 512 * 2048 + 2048);
  CHECK(plain.layer_weights(0).dense - grouped.layer_weights(0).dense == 2 * 6 * 64 * (512 + 1));
  CHECK(untied.parameters() - plain.parameters() == 1024 * 512);
}

TEST_CASE("every model of the catalogue has the parameters that its name says or that were counted, within 1 %") {
  static const std::regex size("([0-9.]+)([MBT])(-A[0-9]+B)?$");
  // where the name is rounded further than that, or says the weights of one expert
  const std::map<std::string, double> counted{
      {"llama-7b", 6.74e9},       {"llama-33b", 32.5e9},      {"llama-65b", 65.2e9},     {"llama2-7b", 6.74e9},
      {"llama2-70b", 68.98e9},    {"llama3-70b", 70.55e9},    {"llama3.1-70b", 70.55e9}, {"gpt3-350m", 355e6},
      {"gpt3-1.3b", 1.315e9},     {"gpt3-2.7b", 2.65e9},      {"gpt3-13b", 12.85e9},     {"gpt-neox-20b", 20.55e9},
      {"mixtral-8x7b", 46.7e9},   {"mixtral-8x22b", 140.6e9}, {"deepseek-v3", 671e9},    {"grok-1", 314e9},
      {"qwen3-30b-a3b", 30.5e9},  {"bert-large", 335.1e6},    {"t5-11b", 11.3e9},        {"resnet-50", 25.557e6},
      {"gpt-oss-120b", 116.8e9},  {"gpt-oss-20b", 20.9e9},    {"kimi-k2", 1.026e12},     {"gpt-5b", 5.03e9},
      {"llama4-maverick", 400e9}, {"llama4-scout", 108e9}};
  const std::map<char, double> units{{'M', 1e6}, {'B', 1e9}, {'T', 1e12}};
  const auto names = catalogue_names("models");
  CHECK(names.size() >= 41);
  for (const std::string& name : names) {
    const auto model = catalogue_entry<Model>("models", name);
    INFO(name << ": " << model.parameters());
    const auto known = counted.find(name);
    std::smatch match;
    REQUIRE((known != counted.end() || std::regex_search(model.name, match, size)));
    const double published =
        known != counted.end() ? known->second : std::stod(match[1]) * units.at(match[2].str().front());
    CHECK(model.parameters() == Approx(published).epsilon(0.01));
  }
}

TEST_CASE("of models with experts a token passes the weights that were published") {
  for (const auto& [name, active] : std::map<std::string, double>{{"mixtral-8x7b", 12.9e9},
                                                                  {"mixtral-8x22b", 39.2e9},
                                                                  {"deepseek-v3", 37.5e9},
                                                                  {"qwen3-235b-a22b", 22.2e9},
                                                                  {"qwen3-30b-a3b", 3.35e9}}) {
    INFO(name);
    CHECK(catalogue_entry<Model>("models", name).active_parameters() == Approx(active).epsilon(0.01));
  }
}

TEST_CASE("models with experts have the weights that were published, all of them and those of one token") {
  Model mixtral{.hidden_size = 4096,
                .num_hidden_layers = 32,
                .num_attention_heads = 32,
                .num_key_value_heads = 8,
                .vocab_size = 32000,
                .gated_mlp = true,
                .tie_word_embeddings = false,
                .bias = false,
                .num_experts = 8,
                .num_experts_per_tok = 2,
                .moe_intermediate_size = 14336};
  CHECK(mixtral.parameters() == 46'702'792'704);  // Jiang et al. 2024, arXiv 2401.04088: 47 B, 13 B active
  CHECK(mixtral.active_parameters() == Approx(12.9e9).epsilon(0.005));

  // Qwen3-235B-A22B, arXiv 2505.09388 and its config.json: heads wider than the residual stream
  Model qwen3{.hidden_size = 4096,
              .num_hidden_layers = 94,
              .num_attention_heads = 64,
              .num_key_value_heads = 4,
              .vocab_size = 151936,
              .head_size = 128,
              .gated_mlp = true,
              .tie_word_embeddings = false,
              .bias = false,
              .num_experts = 128,
              .num_experts_per_tok = 8,
              .moe_intermediate_size = 1536};
  CHECK(qwen3.parameters() == Approx(235e9).epsilon(0.001));
  CHECK(qwen3.active_parameters() == Approx(22e9).epsilon(0.01));
}

TEST_CASE("layers like those of DeepSeek-V3 have its experts: three dense layers, then 256 routed and one shared") {
  const Model model{.hidden_size = 7168,
                    .num_hidden_layers = 61,
                    .num_attention_heads = 128,
                    .num_key_value_heads = 1,
                    .intermediate_size = 18432,
                    .vocab_size = 129280,
                    .head_size = 128,
                    .gated_mlp = true,
                    .tie_word_embeddings = false,
                    .bias = false,
                    .num_experts = 256,
                    .num_experts_per_tok = 8,
                    .moe_intermediate_size = 2048,
                    .n_shared_experts = 1,
                    .shared_expert_intermediate_size = 2048,
                    .first_k_dense_replace = 3};
  const double heads = 61 * 7168.0 * 128 * (2 * 128 + 2 * 1);  // plain attention, as modelled
  const double latent = 61 * 187.1e6;  // multi-head latent attention, arXiv 2412.19437, section 4.2
  CHECK(model.parameters() - heads + latent == Approx(671e9).epsilon(0.001));
  CHECK(model.active_parameters() - heads + latent == Approx(37.5e9).epsilon(0.01));
}

TEST_CASE("experts that are described in part, or without any, are problems") {
  const std::string dense =
      "name: M\nhidden_size: 512\nnum_hidden_layers: 2\nnum_attention_heads: 8\nvocab_size: 1024\n"
      "max_position_embeddings: 256\n";
  const auto messages_of = [&](const std::string& more) {
    return messages(read_text<Model>(dense + more, "model").problems);
  };
  using Messages = std::vector<std::string>;
  const std::string experts = "num_experts: 8\nnum_experts_per_tok: 2\nmoe_intermediate_size: 128\n";
  CHECK(messages_of(experts).empty());
  CHECK(messages_of("num_experts: 8\n") == Messages{"experts need num_experts_per_tok and moe_intermediate_size"});
  CHECK(messages_of("intermediate_size: 2048\nnum_experts_per_tok: 2\n") ==
        Messages{"describes experts, but has no num_experts"});
  CHECK(messages_of(experts + "first_k_dense_replace: 1\n") ==
        Messages{"'model' lacks the key 'intermediate_size'; it states: width inside the MLP of a dense layer"});
  CHECK(messages_of(experts + "intermediate_size: 2048\nfirst_k_dense_replace: 2\n") ==
        Messages{"leaves no layer with experts"});
  CHECK(read_text<Model>(experts + dense + "n_shared_experts: 2\n", "model").value.shared_expert_intermediate_size ==
        256);
}

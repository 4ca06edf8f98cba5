#include "workload/model.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "toy.hpp"

#include <cctype>
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

TEST_CASE("every model of the catalogue has the parameters that its name says, within 1 %") {
  static const std::regex size("([0-9.]+)([BT])$");
  const auto names = catalogue_names("models");
  CHECK(names.size() >= 6);
  for (const std::string& name : names) {
    const auto model = catalogue_entry<Model>("models", name);
    INFO(model.name << ": " << model.parameters());
    std::smatch match;
    REQUIRE(std::regex_search(model.name, match, size));
    CHECK(model.parameters() == Approx(std::stod(match[1]) * (match[2] == "T" ? 1e12 : 1e9)).epsilon(0.01));
  }
}

#include "workload/layout.hpp"

#include "catch.hpp"
#include "toy.hpp"

#include <algorithm>
#include <numeric>
#include <set>

using namespace traingrid;

namespace {

std::string obstacle(const Parallelism& parallelism, const ToyModel& model = {}) {
  return resolve_layout(toy_run({.parallelism = parallelism, .model = model}), toy_cluster({.nodes = 4})).reason;
}

}  // namespace

TEST_CASE("data parallelism that is not stated takes what is left of the cluster") {
  const Layout layout = toy_layout(toy_run({.parallelism = {.tensor = 2, .pipeline = 2}}), toy_cluster({.nodes = 4}));
  CHECK(layout.data == 4);
  CHECK(layout.ranks() == 16);
}

TEST_CASE("data parallelism that is stated leaves the rest of the cluster as spares") {
  const Layout layout =
      toy_layout(toy_run({.parallelism = {.tensor = 2, .pipeline = 2, .data = 3}}), toy_cluster({.nodes = 4}));
  CHECK(layout.data == 3);
  CHECK(layout.ranks() == 12);
}

TEST_CASE("replicas that do not divide the cluster are an obstacle that names the remainder") {
  CHECK(obstacle({.tensor = 1, .pipeline = 3}, {.layers = 3}) ==
        "tensor 1 x pipeline 3 x context 1 = 3 accelerators per replica does not divide the cluster's 16; 1 would be "
        "left "
        "over (state `data` to make them spares)");
}

TEST_CASE("a cluster that is too small is an obstacle") {
  CHECK(obstacle({.tensor = 8, .pipeline = 4}) ==
        "too few accelerators: tensor 8 x pipeline 4 x context 1 = 32 accelerators per replica; the cluster has 16");
  CHECK(obstacle({.tensor = 4, .pipeline = 2, .data = 3}) ==
        "too few accelerators: tensor 4 x pipeline 2 x context 1 = 8 accelerators per replica, times data 3, needs 24; "
        "the "
        "cluster has 16");
}

TEST_CASE("layers that do not split into stages are an obstacle") {
  CHECK(obstacle({.pipeline = 4}, {.layers = 3}) == "too few layers: 3 for 4 model chunks");
  CHECK(obstacle({.pipeline = 4}, {.layers = 6}) ==
        "6 layers do not split evenly into 4 model chunks (pipeline 4 x virtual_stages 1)");
  CHECK(
      obstacle(
          {.pipeline = 4, .account_for_embedding_in_pipeline_split = true, .account_for_loss_in_pipeline_split = true},
          {.layers = 8}) ==
      "8 layers and 2 for embedding and head do not split evenly into 4 model chunks (pipeline 4 x virtual_stages 1)");
}

TEST_CASE("a tensor size that divides no heads, MLP or vocabulary is an obstacle") {
  CHECK(obstacle({.tensor = 3}) == "tensor 3 does not divide 8 attention heads and 8 key/value heads");
  CHECK(obstacle({.tensor = 4}, {.vocabulary = 1022}) == "tensor 4 does not divide vocab_size 1022");
  Run run = toy_run({.parallelism = {.tensor = 4}});
  run.model.intermediate_size = 1366;
  CHECK(resolve_layout(run, toy_cluster()).reason == "tensor 4 does not divide intermediate_size 1366");
}

TEST_CASE("a precision that the accelerator lacks is an obstacle") {
  Run run = toy_run();
  run.precision = Precision::fp8;
  CHECK(resolve_layout(run, toy_cluster()).reason == "Toy does not compute in fp8");
}

TEST_CASE("embedding and head that count as layers take one from the first and the last stage") {
  const Run run = toy_run({.parallelism = {.pipeline = 12,
                                           .data = 1,
                                           .account_for_embedding_in_pipeline_split = true,
                                           .account_for_loss_in_pipeline_split = true},
                           .model = {.layers = 70}});
  CHECK(toy_layout(run, toy_cluster({.nodes = 3})).layers == std::vector{5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5});
}

TEST_CASE("stages may have layers of their own: all as listed, or the first and the last") {
  const auto layers = [](const Parallelism& p, std::int64_t count) {
    return toy_layout(toy_run({.parallelism = p,
                               .schedule = p.virtual_stages > 1 ? "interleaved-1f1b" : "1f1b",
                               .model = {.layers = count}}),
                      toy_cluster())
        .layers;
  };
  CHECK(layers({.pipeline = 4, .pipeline_layers = {1, 2, 2, 1}}, 6) == std::vector{1, 2, 2, 1});
  CHECK(layers({.pipeline = 4, .decoder_last_pipeline_num_layers = 1}, 7) == std::vector{2, 2, 2, 1});
  CHECK(layers({.pipeline = 4, .virtual_stages = 2, .decoder_first_pipeline_num_layers = 2}, 14) ==
        std::vector{1, 2, 2, 2, 1, 2, 2, 2});
  CHECK(obstacle({.pipeline = 4, .pipeline_layers = {1, 2, 1}}, {.layers = 6}) ==
        "pipeline_layers must give the 6 layers to 4 model chunks (pipeline 4 x virtual_stages 1), not 4 to 3");
  CHECK(obstacle({.pipeline = 4, .decoder_first_pipeline_num_layers = 1}, {.layers = 6}) ==
        "5 layers do not split evenly into 3 stages between the first and the last");
}

TEST_CASE("ranks are numbered tensor first, pipeline last, each once") {
  const Layout layout{.tensor = 2, .pipeline = 3, .context = 2, .data = 2};
  CHECK(layout.rank(0, 0, 0, 1) - layout.rank(0, 0, 0, 0) == 1);
  CHECK(layout.rank(0, 0, 1, 0) - layout.rank(0, 0, 0, 0) == 2);
  CHECK(layout.rank(0, 1, 0, 0) - layout.rank(0, 0, 0, 0) == 4);
  CHECK(layout.rank(1, 0, 0, 0) - layout.rank(0, 0, 0, 0) == 8);
  std::set<int> ranks;
  for (int stage = 0; stage < 3; ++stage) {
    for (int i = 0; i < 8; ++i) ranks.insert(layout.rank(stage, i / 4, i / 2 % 2, i % 2));
  }
  CHECK(ranks.size() == 24);
  CHECK(*ranks.rbegin() == layout.ranks() - 1);
}

TEST_CASE("the chunks hold the weights of the model, with a copy of tied embeddings at the end of a pipeline") {
  const int tensor = GENERATE(1, 2, 4), pipeline = GENERATE(1, 2, 4);
  const bool tied = GENERATE(true, false);
  Run run = toy_run({.parallelism = {.tensor = tensor, .pipeline = pipeline}});
  run.model.tie_word_embeddings = tied;
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  double held = 0;
  for (int stage = 0; stage < pipeline; ++stage) held += tensor * chunk_parameters(run.model, layout, stage);
  const double copy = tied && pipeline > 1 ? static_cast<double>(run.model.vocab_size * run.model.hidden_size) : 0;
  const double final_norm = static_cast<double>(2 * run.model.hidden_size);  // the one term that chunks leave out
  CHECK(held == Approx(run.model.parameters() - final_norm + copy).epsilon(1e-12));
}

TEST_CASE("a batch splits into micro-batches, or says why it does not") {
  Run run = toy_run({.parallelism = {.pipeline = 4}, .micro_batch = 2});
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  CHECK(micro_batches(run, layout, 48).count == 6);
  CHECK(micro_batches(run, layout, 48).reason.empty());
  CHECK(micro_batches(run, layout, 50).reason == "batch 50 is not a multiple of data 4 x micro_batch 2");
  run.schedule = "interleaved-1f1b";
  const Layout interleaved{.pipeline = 4, .data = 4, .virtual_stages = 2};
  CHECK(micro_batches(run, interleaved, 48).reason ==
        "interleaving needs micro-batches per step (6) in multiples of the pipeline stages (4)");
}

TEST_CASE("layers that do not divide are shared out as evenly as what is behind them allows, in order") {
  CHECK(uneven_layers(61, 3, 4) == std::vector<int>{16, 16, 16, 13});
  CHECK(uneven_layers(61, 3, 8) == std::vector<int>{8, 8, 8, 8, 8, 8, 8, 5});
  CHECK(uneven_layers(6, 0, 3) == std::vector<int>{2, 2, 2});
  const int layers = GENERATE(7, 48, 61), parts = GENERATE(2, 5, 16, 32), behind = GENERATE(0, 1, 3);
  const std::vector<int> chunks = uneven_layers(layers, behind, parts);
  CHECK(std::accumulate(chunks.begin(), chunks.end(), 0) == layers);
  CHECK(static_cast<int>(chunks.size()) == parts);
  CHECK(std::ranges::max(chunks) <= (layers + behind + parts - 1) / parts);
}

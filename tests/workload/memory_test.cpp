#include "workload/memory.hpp"

#include "catch.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

Bytes term(const std::vector<MemoryTerm>& terms, const std::string& name) {
  const auto found = std::ranges::find(terms, name, &MemoryTerm::name);
  REQUIRE(found != terms.end());
  return found->bytes;
}

Bytes stage_term(const Run& run, const std::string& name, int micro_batches = 1, int stage = 0) {
  return term(stage_memory(run, toy_layout(run, toy_cluster({.nodes = 4})), micro_batches, stage), name);
}

/// One layer that keeps one micro-batch of 2 sequences.
Run one_layer(int tensor, bool sequence_parallel, Recompute recompute) {
  return toy_run({.parallelism = {.tensor = tensor, .sequence_parallel = sequence_parallel},
                  .micro_batch = 2,
                  .recompute = recompute,
                  .model = {.layers = 1}});
}

Cluster narrow_cluster(bool any_fp8_layout) {
  Cluster cluster = toy_cluster({.nodes = 4});
  for (const char* format : {"fp8", "mxfp8", "bf16"}) cluster.accelerator.peak[format] = 200 * teraflop / second;
  cluster.accelerator.any_fp8_layout = any_fp8_layout;
  return cluster;
}

constexpr double s = 256, b = 2, h = 512, a = 8;  // as in Korthikanti et al. 2022, Table 1

}  // namespace

TEST_CASE("a layer keeps sbh(10 + 24/t + 5as/ht) bytes of activations") {
  const int t = GENERATE(1, 2, 4);
  const double expected = s * b * h * (10 + 24.0 / t + 5 * a * s / (h * t));
  CHECK(stage_term(one_layer(t, false, Recompute::none), "activations") / byte == Approx(expected));
}

TEST_CASE("with sequence parallelism a layer keeps sbh(34/t + 5as/ht) bytes") {
  const int t = GENERATE(1, 2, 4);
  const double expected = s * b * h * (34.0 / t + 5 * a * s / (h * t));
  CHECK(stage_term(one_layer(t, true, Recompute::none), "activations") / byte == Approx(expected));
}

TEST_CASE("selective recomputation keeps all but the core of attention") {
  const int t = GENERATE(1, 2, 4);
  CHECK(stage_term(one_layer(t, false, Recompute::selective), "activations") / byte ==
        Approx(s * b * h * (10 + 24.0 / t)));
  CHECK(stage_term(one_layer(t, true, Recompute::selective), "activations") / byte == Approx(s * b * h * 34 / t));
}

TEST_CASE("full recomputation keeps the 2sbh bytes of a layer's input, and room for one whole layer") {
  const int t = GENERATE(1, 2, 4);
  CHECK(stage_term(one_layer(t, false, Recompute::full), "activations") / byte == Approx(2 * s * b * h));
  CHECK(stage_term(one_layer(t, true, Recompute::full), "activations") / byte == Approx(2 * s * b * h / t));
  CHECK(stage_term(one_layer(t, false, Recompute::full), "working space") ==
        stage_term(one_layer(t, false, Recompute::none), "activations"));
}

TEST_CASE("weights, gradients and optimizer states take their bytes per parameter") {
  const Run run = toy_run({.parallelism = {.tensor = 2}});
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const double parameters = chunk_parameters(run.model, layout, 0);
  const auto terms = stage_memory(run, layout, 1, 0);
  CHECK(term(terms, "weights") / byte == Approx(2 * parameters));
  CHECK(term(terms, "gradients") / byte == Approx(2 * parameters));
  CHECK(term(terms, "optimizer states") / byte == Approx(12 * parameters));
}

TEST_CASE("a distributed optimizer shares its states, and nothing else, over the data-parallel ranks") {
  const Run whole = toy_run({.parallelism = {.tensor = 2}});  // data 8
  Run sharded = whole;
  sharded.software.distributed_optimizer = true;
  CHECK(stage_term(whole, "optimizer states") / stage_term(sharded, "optimizer states") == Approx(8));
  for (const std::string name : {"weights", "gradients", "activations", "working space"}) {
    CHECK(stage_term(whole, name) == stage_term(sharded, name));
  }
}

TEST_CASE("a stage keeps the micro-batches that its schedule has in flight") {
  ToyRun toy{.parallelism = {.pipeline = 4}};
  const Bytes one = stage_term(toy_run(toy), "activations", 8, 3);  // the last stage holds one
  CHECK(stage_term(toy_run(toy), "activations", 8, 0) / one == Approx(4));
  toy.schedule = "gpipe";
  CHECK(stage_term(toy_run(toy), "activations", 8, 0) / one == Approx(8));
}

TEST_CASE("the last stage needs room for logits and their gradient in fp32") {
  const Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2}, .micro_batch = 2});
  CHECK(stage_term(run, "working space", 4, 0) == Bytes{});
  CHECK(stage_term(run, "working space", 4, 1) / byte == Approx(s * b * 1024 / 2 * (2 + 4)));
}

TEST_CASE("the fullest stage is the one with most bytes") {
  const Run run = toy_run({.parallelism = {.pipeline = 4}});
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  Bytes most;
  for (int stage = 0; stage < 4; ++stage) most = std::max(most, total(stage_memory(run, layout, 8, stage)));
  const auto stages = memory_by_stage(run, layout, 8);
  REQUIRE(stages.size() == 4);
  CHECK(total(stages[fullest_stage(stages)]) == most);
  CHECK(total(stage_memory(run, layout, 8, 3)) < most);
}

TEST_CASE(
    "flash attention keeps no scores, grouped heads keep fewer keys, a gated MLP keeps three tensors of its width") {
  const int t = GENERATE(1, 2);
  Run run = one_layer(t, true, Recompute::none);
  make_llama(run);
  const double residual = 4 * 2, attention = (1 + 2.0 / 4 + 1) * 2, mlp = 3 * 4 * 2;  // bytes per element of the stream
  CHECK(stage_term(run, "activations") / byte == Approx(s * b * h * (residual + attention + mlp) / t));
}

TEST_CASE(
    "a layer with experts keeps what it sent and got back, and what its experts computed, beside a shared expert") {
  const int t = GENERATE(1, 2);
  Run run = one_layer(t, true, Recompute::none);
  make_llama(run);
  make_experts(run, 8, 4);  // two of width 2h for each token, and one shared
  const double residual = 4 * 2, attention = (1 + 2.0 / 4 + 1) * 2, shared = 3 * 2 * 2;
  const double probabilities = 8 * 4;  // fp32, per token
  const double routed = 2 * (1 + 3 * 2 + 1) * 2;
  const double expected = s * b * (h * (residual + attention + shared + routed) + probabilities) / t;
  CHECK(stage_term(run, "activations") / byte == Approx(expected));
  run.expert_imbalance = 1.5;
  const double busiest = 0.5 * s * b * h * 2 * (1 + 3 * 2) * 2 / t;
  CHECK(stage_term(run, "activations") / byte == Approx(expected + busiest));
}

TEST_CASE("experts are held by one rank of their group, their optimizer states shared by its replicas") {
  Run run = toy_run({.parallelism = {.tensor = 2}});  // 16 ranks
  make_llama(run);
  make_experts(run, 8, 4);
  make_overlapped(run);
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const Weights weights = chunk_weights(run.model, layout, 0);
  CHECK(weights.expert == Approx(4 * 8 * 3 * h * 1024 / 4));
  CHECK(stage_term(run, "weights") / byte == Approx(2 * weights.total()));
  CHECK(stage_term(run, "optimizer states") / byte == Approx(12 * (weights.dense / 8 + weights.expert / 4)));
}

TEST_CASE("recomputing some layers of each chunk keeps the inputs of those and everything of the others") {
  ToyRun toy{.recompute = Recompute::full};
  Run some = toy_run(toy);
  some.recompute_layers = 1;
  const Bytes full = stage_term(toy_run(toy), "activations"), mixed = stage_term(some, "activations");
  toy.recompute = Recompute::none;
  const Bytes none = stage_term(toy_run(toy), "activations");
  CHECK(mixed / byte == Approx((full / 4 + none * 3 / 4) / byte));
}

TEST_CASE("in fp8 inputs of linear layers are kept in one byte, weights as they are multiplied beside bf16") {
  Run run = one_layer(1, false, Recompute::none);
  make_llama(run);
  const Bytes wide = stage_term(run, "activations");
  run.precision = Precision::fp8;
  const auto terms = stage_memory(run, toy_layout(run, narrow_cluster(false)), 1, 0);
  const double inputs = h + h + h + 4 * h;  // of the projections, the output projection, and both of the MLP
  const double core = 2 * h;                // flash attention needs its output as it was
  CHECK((wide - term(terms, "activations")) / byte == Approx(s * b * (inputs - core)));
  CHECK(term(terms, "narrow weights") / byte == Approx(2 * run.model.layer_weights(0).total()));
}

TEST_CASE("weights that are held in fp8 have no wide copy but embedding and head, unless their scales are of blocks") {
  Run run = one_layer(1, false, Recompute::none);
  run.precision = Precision::fp8;
  const auto weights = [&] {
    return term(stage_memory(run, toy_layout(run, narrow_cluster(false)), 1, 0), "weights") / byte;
  };
  const double layer = run.model.layer_weights(0).total(), ends = run.model.embedding_parameters();
  CHECK(weights() == Approx(2 * (layer + ends)));
  run.software.narrow_weights = {Precision::fp8};
  CHECK(weights() == Approx(2 * ends));
  run.fp8_recipe = Fp8Recipe::block;
  CHECK(weights() == Approx(2 * (layer + ends)));
  run.precision = Precision::mxfp8;
  CHECK(weights() == Approx(2 * (layer + ends)));
}

TEST_CASE("a device that reads fp8 along either dimension needs one copy of a weight; scales of blocks take two") {
  Run run = one_layer(1, false, Recompute::none);
  run.precision = Precision::fp8;
  const auto copies = [&](bool any_layout) {
    const auto terms = stage_memory(run, toy_layout(run, narrow_cluster(any_layout)), 1, 0);
    return term(terms, "narrow weights") / byte / (run.model.layer_weights(0).total() * element_size(run.precision));
  };
  CHECK(copies(false) == Approx(2));
  CHECK(copies(true) == Approx(1));
  run.fp8_recipe = Fp8Recipe::block;
  CHECK(copies(true) == Approx(2));
  run.fp8_recipe = Fp8Recipe::delayed;
  run.precision = Precision::mxfp8;
  CHECK(copies(true) == Approx(2));
}

TEST_CASE("of a cross entropy in place gradients take the place of logits") {
  Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2}, .micro_batch = 2});
  run.software.cross_entropy = CrossEntropy::in_place;
  CHECK(stage_term(run, "working space", 4, 1) / byte == Approx(s * b * 1024 / 2 * 2));
}

TEST_CASE("gradients of logits are as wide as cross entropy is computed") {
  Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2}, .micro_batch = 2});
  CHECK(stage_term(run, "working space", 4, 1) / byte == Approx(s * b * 1024 / 2 * (2 + 4)));
  run.software.cross_entropy = CrossEntropy::narrow;
  CHECK(stage_term(run, "working space", 4, 1) / byte == Approx(s * b * 1024 / 2 * (2 + 2)));
}

TEST_CASE("of a pipeline that goes down and up again the first stage holds embedding and head") {
  Run run = toy_run({.parallelism = {.pipeline = 2, .virtual_stages = 2}, .schedule = "zero-bubble-v"});
  run.model.tie_word_embeddings = false;
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const double layer = run.model.layer_weights(0).total(), table = 1024 * h;
  const auto weights = [&](int stage) { return term(stage_memory(run, layout, 4, stage), "weights") / byte; };
  CHECK(weights(0) == Approx(2 * (2 * layer + run.model.embedding_parameters() + table)));
  CHECK(weights(1) == Approx(2 * 2 * layer));
  run.model.tie_word_embeddings = true;
  CHECK(weights(0) == Approx(2 * (2 * layer + run.model.embedding_parameters())));
}

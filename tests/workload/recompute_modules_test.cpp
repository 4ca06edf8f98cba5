#include "catch.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"
#include "workload/memory.hpp"
#include "workload/step_work.hpp"
#include "workload/training_step.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

constexpr double s = 256, b = 2, h = 512;

/// One layer on one rank that keeps one micro-batch of two sequences; with eight experts of width 2h, two for each
/// token, and one shared, or with an MLP of width 4h.
Run one_layer(bool experts) {
  Run run = toy_run({.micro_batch = 2, .model = {.layers = 1}});
  make_llama(run);
  if (experts) make_experts(run, 8, 1);
  return run;
}

Run repeating(Run run, std::vector<RecomputeModule> modules) {
  run.recompute = Recompute::selective;
  run.recompute_modules = std::move(modules);
  return run;
}

double term(const Run& run, std::string_view name) {
  const auto terms = stage_memory(run, toy_layout(run, toy_cluster({.nodes = 4})), 1, 0);
  return std::ranges::find(terms, name, &MemoryTerm::name)->bytes / byte;
}

/// Bytes per token and element of the residual stream that a layer keeps no more.
double saved(const Run& run, RecomputeModule module) {
  return (term(run, "activations") - term(repeating(run, {module}), "activations")) / (s * b * h);
}

double repeated(const Run& run, RecomputeModule module) {
  const Run again = repeating(run, {module});
  const Layout layout = toy_layout(again, toy_cluster({.nodes = 4}));
  const StepWork work = step_work(training_step(again, layout, 1));
  return work.recomputed / (static_cast<double>(layout.ranks()) * s * b * flop);
}

}  // namespace

TEST_CASE(
    "a dense layer that repeats its MLP keeps neither its three tensors nor its norm's output, and multiplies again") {
  CHECK(saved(one_layer(false), RecomputeModule::mlp) == Approx(3 * 4 * 2 + 2));
  CHECK(repeated(one_layer(false), RecomputeModule::mlp) == Approx(3 * 2 * h * 4 * h));
  CHECK(saved(one_layer(true), RecomputeModule::mlp) == 0);
  CHECK(repeated(one_layer(true), RecomputeModule::mlp) == 0);
}

TEST_CASE("norms that are repeated keep no outputs, which takes passes and no multiplication") {
  CHECK(saved(one_layer(false), RecomputeModule::layernorm) == Approx(2 * 2));
  CHECK(repeated(one_layer(false), RecomputeModule::layernorm) == 0);
}

TEST_CASE("experts repeat what is between their linear layers, all they do, or what the shared one does") {
  const Run run = one_layer(true);
  const double sent_back = 2 * 2, received = 2 * 2, up = 2 * 2 * 2 * 2, activated = 2 * 2 * 2, shared = 3 * 2 * 2;
  CHECK(saved(run, RecomputeModule::moe_act) == Approx(activated));
  CHECK(repeated(run, RecomputeModule::moe_act) == 0);
  CHECK(saved(run, RecomputeModule::shared_experts) == Approx(shared));
  CHECK(repeated(run, RecomputeModule::shared_experts) == Approx(3 * 2 * h * 2 * h));
  const double probabilities = 8 * 4 / h;
  CHECK(saved(run, RecomputeModule::moe) == Approx(sent_back + received + up + activated + shared + probabilities));
  CHECK(repeated(run, RecomputeModule::moe) == Approx(2 * h * 8 + (1 + 2) * 3 * 2 * h * 2 * h));
}

TEST_CASE("experts that weight what they compute inside keep nothing of what they send back") {
  Run run = one_layer(true);
  const double kept = term(run, "activations");
  run.software.weighted_activation = true;
  CHECK(kept - term(run, "activations") == Approx(2 * 2 * s * b * h));
}

TEST_CASE("parts that are repeated are there again while their layer's gradients are computed") {
  const Run run = one_layer(true);
  const Run again = repeating(run, {RecomputeModule::moe});
  CHECK(term(again, "working space") ==
        Approx(std::max(term(run, "activations") - term(again, "activations"), s * b * 1024 * (2 + 4))));
}

TEST_CASE("latent attention repeats its way from what is compressed to queries, keys and values") {
  Run run = one_layer(false);
  run.model.num_key_value_heads = 8;
  run.model.q_lora_rank = 128;
  run.model.kv_lora_rank = 64;
  run.model.qk_nope_head_dim = run.model.v_head_dim = 64;
  run.model.qk_rope_head_dim = 32;
  const double queries = 8 * (64 + 32), values = 8 * 64;
  CHECK(saved(run, RecomputeModule::mla_up_proj) == Approx(2 * (2 * queries + values) / h));
  CHECK(repeated(run, RecomputeModule::mla_up_proj) == Approx(2 * (128 * queries + 64 * 8 * (64 + 64))));
}

TEST_CASE("recomputing some layers repeats those of each chunk only") {
  Run run = toy_run({.parallelism = {.pipeline = 2}, .recompute = Recompute::full, .model = {.layers = 8}});
  const auto recomputed = [&] {
    return step_work(training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), 4)).recomputed;
  };
  const Flop all = recomputed();
  run.recompute_layers = 1;
  CHECK(recomputed() / all == Approx(2.0 / 8));
}

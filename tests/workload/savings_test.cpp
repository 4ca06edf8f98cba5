#include "workload/savings.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "toy.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

Program program_of(const Run& run, StepKind kind = StepKind::whole) {
  return training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), 4, kind);
}

/// Bytes that a rank of the first stage sends into collectives of replicas.
Bytes exchanged(const Program& program) {
  Bytes sum;
  for (const Launch& launch : program.roles[0].launches) {
    for (const Operation& op : program.blocks[static_cast<std::size_t>(launch.block)].operations)
      if (op.kind == Operation::Kind::collective && op.term == Term::data) sum += op.bytes;
  }
  return sum;
}

Run replicated() { return toy_run({.parallelism = {.tensor = 2, .pipeline = 2}}); }

}  // namespace

TEST_CASE("compressed gradients are exchanged in so many times fewer bytes") {
  Run run = toy_run({.parallelism = {.tensor = 2}});
  const Bytes plain = exchanged(program_of(run));
  REQUIRE(plain > Bytes{});
  run.gradient_compression = 8;
  CHECK(plain / exchanged(program_of(run)) == Approx(8));
}

TEST_CASE("a local step computes as much as a whole one and exchanges no gradients but of the tied embedding") {
  const Run run = replicated();
  CHECK(step_work(program_of(run, StepKind::local)).model == step_work(program_of(run)).model);
  const double rows = 1024.0 * 512 / 2;  // vocabulary x width over two tensor ranks
  CHECK(exchanged(program_of(run, StepKind::local)) / byte == Approx(2 * rows));
  CHECK(exchanged(program_of(run)) > exchanged(program_of(run, StepKind::local)));
}

TEST_CASE("scoring is the forward pass of a step: a third of its work, and no gradients") {
  const Run run = replicated();
  const Program scoring = program_of(run, StepKind::scoring);
  CHECK(step_work(scoring).model / step_work(program_of(run)).model == Approx(1.0 / 3));
  CHECK(exchanged(scoring) == Bytes{});
}

TEST_CASE(
    "structured pruning takes heads and columns out in multiples of the tensor ranks, and as much work with them") {
  Run run = toy_run({.parallelism = {.tensor = 2}});
  run.pruning = Pruning{.kept = 0.25, .structured = true};
  const Model model = pruned(run).model;
  CHECK(model.num_attention_heads == 2);
  CHECK(model.head_dim() == run.model.head_dim());
  CHECK(model.intermediate_size == 512);
  CHECK(model.hidden_size == run.model.hidden_size);
  const double all = run.model.layer_weights(0).total(), left = model.layer_weights(0).total();
  CHECK(left / all == Approx(0.25).margin(0.005));  // biases and norms are not scaled with heads
}

TEST_CASE("a checkpoint holds weights and optimizer states; single weights that are pruned leave a bit each") {
  Run run = toy_run({});
  const ModelSize dense = model_size(run);
  CHECK(dense.weights / byte == Approx(2 * run.model.parameters()));
  CHECK(dense.training_state / byte == Approx((2 + 12) * run.model.parameters()));
  run.pruning = Pruning{.kept = 0.1};
  const ModelSize sparse = model_size(run);
  double in_layers = 0;
  for (int i = 0; i < 4; ++i) in_layers += run.model.layer_weights(i).total();
  CHECK(sparse.parameters == Approx(run.model.parameters() - 0.9 * in_layers));
  CHECK(sparse.weights / byte == Approx(2 * sparse.parameters + in_layers / 8));
}

TEST_CASE("GPT-3 weighs 350 GB in half precision") {
  const Run gpt3{.model = catalogue_entry<Model>("models", "gpt3-175b"), .precision = Precision::fp16};
  CHECK(model_size(gpt3).weights / byte == Approx(350e9).epsilon(0.005));
}

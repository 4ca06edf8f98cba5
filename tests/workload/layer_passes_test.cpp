#include "workload/layer_passes.hpp"
#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "workload/step_work.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

Run two_layers() {
  Run run = toy_run({.parallelism = {.tensor = 2}, .batch = 2});
  run.model.num_hidden_layers = 2;
  return run;
}
Program layer(const Run& run, LayerPasses passes) {
  return layer_passes(run, toy_layout(run, toy_cluster({.nodes = 1})), passes);
}

}  // namespace

TEST_CASE("a layer by itself does what one layer adds to a step, and nothing else") {
  Run run = two_layers();
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 1}));
  const StepWork two = step_work(training_step(run, layout, 1));
  Run longer = run;
  longer.model.num_hidden_layers = 3;
  const StepWork three = step_work(training_step(longer, toy_layout(longer, toy_cluster({.nodes = 1})), 1));
  const StepWork alone = step_work(layer(run, LayerPasses::both));
  CHECK(alone.model / flop == Approx((three.model - two.model) / flop));
  CHECK(alone.recomputed / flop == Approx((three.recomputed - two.recomputed) / flop));
}

TEST_CASE("the forward pass of a layer is a third of its products, and no replica or stage takes part in any of it") {
  const Run run = two_layers();
  const Program forward = layer(run, LayerPasses::forward), both = layer(run, LayerPasses::both);
  CHECK(step_work(forward).model / flop == Approx(step_work(both).model / flop / 3));
  int exchanges = 0;
  each_operation(both, 0, [&](const Operation& op, int) {
    if (op.kind == Operation::Kind::compute) return;
    CHECK(op.term == Term::tensor);
    exchanges += op.kind == Operation::Kind::collective ? 1 : 0;
  });
  CHECK(exchanges >= 4);
}

#include "workload/eager.hpp"

#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "workload/layer_passes.hpp"

using namespace traingrid;

namespace {

/// Side by side attention and MLP, rotated heads, no dropout, in one attention kernel.
Run neox_like() {
  Run run = toy_run({.parallelism = {.tensor = 2}, .batch = 2});
  run.model.parallel_residual = run.model.rotary = true;
  run.model.dropout = false;
  run.software.flash_attention = run.software.eager_layers = true;
  return run;
}

/// Passes over a tensor as wide as the residual stream.
double passes(const Operators& list, const RankShape& shape) {
  Bytes sum;
  for (const Operator& kernel : list) sum += kernel.bytes;
  return sum / shape.activation();
}

int reductions(const Run& run) {
  int count = 0;
  each_operation(layer_passes(run, toy_layout(run, toy_cluster({.nodes = 1})), LayerPasses::both), 0,
                 [&](const Operation& op, int) { count += op.kind == Operation::Kind::collective ? 1 : 0; });
  return count;
}

Flop attention_work(const RankShape& shape) {
  Flop sum;
  for (const Operator& kernel : attention_core_forward(shape, shape.sequence)) sum += kernel.work();
  return sum;
}

}  // namespace

TEST_CASE("layers of separate kernels turn and add up what the code of GPT-NeoX does, copy by copy") {
  const Run run = neox_like();
  const RankShape shape(run, 2, 1);
  // each tensor rank: queries, keys and values turned and put side by side (3 widths, 4 passes), the output turned back
  CHECK(passes(eager_attention_forward(shape), shape) == Approx((3 * 4 + 2) / 2.0));
  // two biases, two sums instead of one, and the norm of the second branch
  CHECK(passes(eager_residual_forward(shape), shape) == Approx(2 * 2 + 3 + 2));
  // the output's gradient; those of the parts of queries and keys; all three put together
  CHECK(passes(eager_attention_backward(shape), shape) == Approx((2 + 2 * 5 + 3 * 2) / 2.0));
  CHECK(passes(eager_residual_backward(shape), shape) == Approx(4 + 3));
}

TEST_CASE("fused layers have none of these passes, and layers one after the other only their biases") {
  Run run = neox_like();
  run.model.parallel_residual = false;
  const RankShape sequential(run, 2, 1);
  CHECK(passes(eager_residual_forward(sequential), sequential) == Approx(2));
  CHECK(eager_residual_backward(sequential).empty());
  run.software.eager_layers = false;
  const RankShape fused(run, 2, 1);
  CHECK(eager_attention_forward(fused).empty());
  CHECK(eager_attention_backward(fused).empty());
  CHECK(eager_residual_forward(fused).empty());
}

TEST_CASE("a model without biases adds none, and tensor ranks that share a head of keys turn all of it") {
  Run run = neox_like();
  run.model.bias = false;
  CHECK(passes(eager_residual_forward({run, 2, 1}), {run, 2, 1}) == Approx(3 + 2));
  run.model.num_key_value_heads = 1;  // of eight, 64 wide
  const double heads = 4 + 2;         // queries, and the one of keys and of values
  CHECK(passes(eager_attention_forward({run, 2, 1}), {run, 2, 1}) == Approx((heads * 4 + 4 * 2) / 8));
}

TEST_CASE("without one kernel for attention nothing is turned for it, but its output is turned back") {
  Run run = neox_like();
  run.software.flash_attention = false;
  const RankShape shape(run, 2, 1);
  CHECK(passes(eager_attention_forward(shape), shape) == Approx(2 / 2.0));
  CHECK(passes(eager_attention_backward(shape), shape) == Approx((2 * 5 + 3 * 2) / 2.0));
}

TEST_CASE("either branch of an eager parallel residual sums its gradient over the tensor ranks") {
  Run run = neox_like();
  run.recompute = Recompute::none;
  const int eager = reductions(run);
  run.software.eager_layers = false;
  CHECK(eager == reductions(run) + 1);
}

TEST_CASE("a head takes the next size that attention has a kernel for, and one wider than all computes the scores") {
  const auto with_kernels_for = [](const std::vector<int>& sizes) {
    Run run = neox_like();  // heads of 64
    run.software.attention_head_sizes = sizes;
    return run;
  };
  const Run any = with_kernels_for({}), exact = with_kernels_for({64}), wider = with_kernels_for({32, 128}),
            narrower = with_kernels_for({32});
  const auto work = [](const Run& run) { return attention_work(RankShape(run, 2, 1)); };
  CHECK(work(exact) == work(any));
  CHECK(work(wider) / work(any) == Approx(2));
  CHECK(RankShape(wider, 2, 1).flash_attention);
  CHECK_FALSE(RankShape(narrower, 2, 1).flash_attention);
}

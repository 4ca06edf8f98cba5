#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"
#include "workload/memory.hpp"
#include "workload/training_step.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

constexpr int kMicroBatches = 3;
constexpr double s = 256, h = 512, L = 4;

Layout layout_of(const Run& run) { return toy_layout(run, toy_cluster({.nodes = 4})); }
Program program_of(const Run& run, int micro_batches = kMicroBatches) {
  return training_step(run, layout_of(run), micro_batches);
}
std::string obstacle(const Run& run) { return resolve_layout(run, toy_cluster({.nodes = 4})).reason; }

Bytes memory_of(const Run& run, const std::string& name) {
  const auto terms = stage_memory(run, layout_of(run), kMicroBatches, 0);
  return std::ranges::find(terms, name, &MemoryTerm::name)->bytes;
}

}  // namespace

TEST_CASE("sharded parameters are gathered for every pass of every layer, and their gradients scattered") {
  Run run = toy_run({.parallelism = {.tensor = 2}});
  make_fully_sharded(run);
  const Program program = program_of(run);
  const double layer = layer_share(run.model, layout_of(run), 0).dense;
  const double all = chunk_parameters(run.model, layout_of(run), 0);
  const auto gathers = collectives_over(program, "shard", Collective::all_gather);
  const auto scatters = collectives_over(program, "data", Collective::reduce_scatter);
  CHECK(gathers.count == kMicroBatches * (2 * L + 1));  // the embedding stays until its backward pass
  CHECK(gathers.asynchronous == gathers.count);
  CHECK(gathers.bytes / byte == Approx(kMicroBatches * 2 * (all + L * layer)));
  CHECK(scatters.count == kMicroBatches * (L + 1));
  CHECK(scatters.bytes / byte == Approx(kMicroBatches * 2 * all));
  CHECK(collectives_over(program, "data", Collective::all_gather).count == 0);  // no weights left to hand out
}

TEST_CASE("a layer's parameters are gathered while the layer before it computes") {
  Run run = toy_run();
  make_fully_sharded(run);
  const Program program = program_of(run);
  const auto& operations = program.blocks.front().operations;  // forward
  const int shard = static_cast<int>(find_communicator(program, "shard") - program.communicators.data());
  int gathered = -1, computed = 0;  // -1: the embedding comes first
  for (const Operation& op : operations) {
    if (op.kind == Operation::Kind::collective && op.communicator == shard) ++gathered;
    if (op.kind == Operation::Kind::wait && op.communicator == shard) ++computed;
    CHECK(gathered - computed <= 1);
    if (op.kind == Operation::Kind::compute) CHECK(gathered >= std::min(computed, static_cast<int>(L)));
  }
  CHECK(gathered == L);
  CHECK(computed == L);
}

TEST_CASE("hybrid sharding gathers inside groups of neighbours and sums over the groups once a step") {
  Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2}});
  make_fully_sharded(run, 2);
  const Program program = program_of(run);
  CHECK(group(*find_communicator(program, "shard"), 0) == std::vector<std::int32_t>{0, 2});
  CHECK(group(*find_communicator(program, "shard"), 1) == std::vector<std::int32_t>{4, 6});
  CHECK(group(*find_communicator(program, "shard"), 2) == std::vector<std::int32_t>{1, 3});
  CHECK(group(*find_communicator(program, "data"), 4) == std::vector<std::int32_t>{8, 10});
  CHECK(group(*find_communicator(program, "replicas"), 0) == std::vector<std::int32_t>{0, 4});
  CHECK(group(*find_communicator(program, "replicas"), 1) == std::vector<std::int32_t>{2, 6});
  const double held = chunk_parameters(run.model, layout_of(run), 0) + chunk_parameters(run.model, layout_of(run), 1);
  const auto sums = collectives_over(program, "replicas", Collective::all_reduce);
  CHECK(sums.count == 2);
  CHECK(sums.bytes / byte == Approx(2 * held / 2));
}

TEST_CASE("sharded gradients are reduced whenever another chunk's turn comes") {
  ToyRun toy{.parallelism = {.pipeline = 2, .virtual_stages = 2}, .schedule = "interleaved-1f1b"};
  Run run = toy_run(toy);
  make_overlapped(run);
  const Program once = program_of(run, 4);
  run.parallelism.sharding = Sharding::gradients;
  const Program turns = program_of(run, 4);
  const auto count = [](const Program& p) { return collectives_over(p, "data", Collective::reduce_scatter).count; };
  CHECK(count(once) == L + 2);
  CHECK(count(turns) == 2 * (L + 2));  // four micro-batches in groups of two
  CHECK(collectives_over(turns, "data", Collective::all_gather).bytes ==
        collectives_over(once, "data", Collective::all_gather).bytes);
}

TEST_CASE("each stage of sharding takes one more term of memory apart") {
  Run run = toy_run();  // 16 replicas
  make_overlapped(run);
  const double all = chunk_parameters(run.model, layout_of(run), 0), layer = run.model.layer_weights(0).dense;
  const auto expect = [&](Sharding sharding, double weights, double gradients, double states) {
    run.parallelism.sharding = sharding;
    CHECK(memory_of(run, "weights") / byte == Approx(2 * weights));
    CHECK(memory_of(run, "gradients") / byte == Approx(2 * gradients));
    CHECK(memory_of(run, "optimizer states") / byte == Approx(12 * states));
  };
  expect(Sharding::none, all, all, all);
  expect(Sharding::optimizer, all, all, all / 16);
  expect(Sharding::gradients, all, all + all / 16, all / 16);  // one chunk, whole while it is worked on
  expect(Sharding::parameters, all / 16 + (all - L * layer) + 2 * layer, all / 16, all / 16);
}

TEST_CASE("sharding that cannot be is an obstacle that says why") {
  Run run = toy_run({.parallelism = {.sharding = Sharding::gradients}});
  CHECK(obstacle(run) ==
        "sharding: gradients needs software that overlaps data parallel transfers; Toy software does not");
  make_fully_sharded(run, 3);
  CHECK(obstacle(run) == "shard_group 3 does not divide the 16 ranks with equal weights (data 16 x context 1)");
  make_fully_sharded(run, 4);
  make_experts(run, 8, 2);
  CHECK(obstacle(run) == "sharding: parameters of a model with experts needs tensor, expert and expert_tensor of 1");
}

TEST_CASE("a ring of context ranks passes keys and values while attention works on those that are there") {
  Run run = toy_run({.parallelism = {.tensor = 2, .context = 4}});
  const Program ring = program_of(run, 1);
  const double keys_and_values = 2 * s * h / 2 * 2;  // of all tokens, for the heads of a rank
  const auto forward_and_back = collectives_over(ring, "context", Collective::all_gather);
  CHECK(forward_and_back.count == 2 * L);
  CHECK(forward_and_back.asynchronous == 2 * L);
  CHECK(forward_and_back.bytes / (2 * L * byte) == Approx(keys_and_values));
  CHECK(collectives_over(ring, "context", Collective::reduce_scatter).count == L);
  run.parallelism.context_exchange = ContextExchange::all_gather;
  const Program gathered = program_of(run, 1);
  const auto blocking = collectives_over(gathered, "context", Collective::all_gather);
  CHECK(blocking.asynchronous == 0);
  CHECK(blocking.bytes == forward_and_back.bytes);
  CHECK(step_work(ring).model == step_work(gathered).model);
  CHECK(group(*find_communicator(ring, "context"), 1) == std::vector<std::int32_t>{1, 3, 5, 7});
}

TEST_CASE("context ranks share the work and the activations of a sequence evenly") {
  const auto with = [](int context) {
    Run run = toy_run({.parallelism = {.context = context, .data = 2}, .recompute = Recompute::selective});
    return run;
  };
  CHECK(step_work(program_of(with(1))).model == step_work(program_of(with(4))).model);
  CHECK(memory_of(with(1), "activations") / memory_of(with(4), "activations") == Approx(4));
  CHECK(obstacle(with(3)) == "context 3 does not divide sequence_length 256");
}

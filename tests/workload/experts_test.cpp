#include "workload/experts.hpp"

#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"
#include "workload/training_step.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

using namespace traingrid;

namespace {

constexpr double s = 256, h = 512, f = 1024, L = 4, k = 2;

/// 8 experts of width f in each of 4 layers, of which a token sees 2 and a shared one; no biases.
Run expert_run(const Parallelism& parallelism, int expert_ranks) {
  Run run = toy_run({.parallelism = parallelism});
  make_llama(run);
  make_experts(run, 8, expert_ranks);
  return run;
}

Program program_of(const Run& run, int micro_batches = 1) {
  return training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), micro_batches);
}

std::string obstacle(const Run& run) { return resolve_layout(run, toy_cluster({.nodes = 4})).reason; }

Flop work_of(const Operators& list) {
  Flop sum;
  for (const Operator& kernel : list) sum += kernel.work();
  return sum;
}

}  // namespace

TEST_CASE("experts work on every token of their group as often as it is routed, whatever the groups") {
  const int ranks = GENERATE(1, 2, 4, 8), tensor = GENERATE(1, 2);
  const Run run = expert_run({.tensor = tensor}, ranks);
  const RankShape shape(run, tensor, 1, ranks);
  const double of_rank = 6 * s * k * h * f / tensor;  // three matrices
  CHECK(work_of(experts_forward(shape)) / flop == Approx(of_rank));
  CHECK(work_of(experts_backward(shape)) / flop == Approx(2 * of_rank));
  CHECK(ExpertShape(shape).experts == 8 / ranks);
}

TEST_CASE("ranks that share an expert see each other's tokens and have a part of its width") {
  const Run run = expert_run({}, 2);
  const RankShape alone(run, 1, 1, 2, 1), shared(run, 1, 1, 2, 4);
  CHECK(ExpertShape(shared).rows == 4 * ExpertShape(alone).rows);
  CHECK(work_of(experts_forward(shared)) == work_of(experts_forward(alone)));
  CHECK(gathered_bytes(shared) == 4 * dispatched_bytes(shared));
}

TEST_CASE("a step with experts executes the FLOP of its active weights and of attention") {
  const auto parallelism = GENERATE(values<Parallelism>(
      {{}, {.tensor = 2}, {.tensor = 2, .pipeline = 4}, {.tensor = 2, .pipeline = 2, .context = 2, .data = 2}}));
  Run run = expert_run(parallelism, 4);
  run.expert_imbalance = GENERATE(1.0, 1.5);  // waiting for a busy expert is no work of the model
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const double tokens = layout.data * 2 * s;
  const double norms = (2 * L + 1) * h, embedding = 1024 * h;
  const double linear = 6 * (run.model.active_parameters() - norms - embedding) * tokens;
  const double attention = (2 + 5) * s * h * L * tokens;  // two products forward and five backward, half of the scores
  CHECK(step_work(training_step(run, layout, 2)).model / flop == Approx(linear + attention).epsilon(1e-12));
}

TEST_CASE("each layer sends top-k copies of a rank's tokens to the experts and back, forward and backward") {
  const int tensor = GENERATE(1, 2), micro_batches = 3;
  const Program program = program_of(expert_run({.tensor = tensor, .pipeline = 2}, 4), micro_batches);
  const auto sum = collectives_over(program, "expert", Collective::all_to_all);
  CHECK(sum.count == 4 * L * micro_batches);
  CHECK(sum.bytes / (sum.count * byte) == Approx(s * k * h * 2 / tensor));
}

TEST_CASE("dispatch to ranks sends a token once to every rank that holds some of its experts") {
  const int ranks = GENERATE(1, 2, 4, 8);
  Run run = expert_run({}, ranks);
  const Bytes copies = dispatched_bytes({run, 1, 1, ranks});
  run.software.expert_dispatch = ExpertDispatch::ranks;
  double expected = 0;  // over all pairs of experts that a token may see: the ranks they are on
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) {
      if (i != j) expected += (i / (8 / ranks) == j / (8 / ranks) ? 1.0 : 2.0) / (8 * 7);
    }
  }
  CHECK(dispatched_bytes({run, 1, 1, ranks}) / copies == Approx(expected / k));
}

TEST_CASE("a fused permutation leaves no sorting, and token counts on the host take their time in every pass") {
  Run run = expert_run({}, 4);
  const auto sorts = [&] {
    const Operators list = experts_forward({run, 1, 1, 4});
    return std::ranges::count(list, "sort by expert", &Operator::name);
  };
  CHECK(sorts() == 1);
  run.software.fused_permutation = true;
  CHECK(sorts() == 0);

  run.software.expert_overhead = 1e-3 * second;
  const Program program = program_of(run, 3);
  Seconds waited;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute) return;
    for (const Operator& kernel : program.works[static_cast<std::size_t>(op.work)]) {
      if (kernel.name == "tokens of every expert") waited += kernel.issue;
    }
  });
  CHECK(waited / second == Approx(1e-3 * 2 * L * 3));
}

TEST_CASE("a busier expert makes all wait: more bytes to its rank, and work that counts as expert") {
  Run run = expert_run({}, 4);
  const Bytes balanced = dispatched_bytes(RankShape(run, 1, 1, 4));
  CHECK(work_of(experts_forward_excess(RankShape(run, 1, 1, 4))) == Flop{});
  run.expert_imbalance = 1.25;
  const RankShape shape(run, 1, 1, 4);
  CHECK(dispatched_bytes(shape) == 1.25 * balanced);
  CHECK(work_of(experts_forward_excess(shape)) == 0.25 * work_of(experts_forward(shape)));
}

TEST_CASE("full recomputation dispatches tokens once more") {
  Run run = expert_run({}, 4);
  const int plain = collectives_over(program_of(run), "expert", Collective::all_to_all).count;
  run.recompute = Recompute::full;
  CHECK(collectives_over(program_of(run), "expert", Collective::all_to_all).count == plain * 3 / 2);
}

TEST_CASE("expert groups are consecutive ranks of a stage, their replicas a group apart") {
  const Program program = program_of(expert_run({.tensor = 2, .pipeline = 2, .data = 4}, 4));
  const Communicator& expert = *find_communicator(program, "expert");
  const Communicator& data = *find_communicator(program, "expert data");
  CHECK(expert.groups() == 4);
  CHECK(group(expert, 0) == std::vector<std::int32_t>{0, 1, 2, 3});
  CHECK(group(expert, 2) == std::vector<std::int32_t>{8, 9, 10, 11});
  CHECK(data.groups() == 8);
  CHECK(group(data, 1) == std::vector<std::int32_t>{1, 5});
  CHECK(group(data, 7) == std::vector<std::int32_t>{11, 15});
}

TEST_CASE("ranks that share an expert are neighbours") {
  Run run = expert_run({.tensor = 2, .data = 8}, 4);
  run.parallelism.expert_tensor = 2;
  const Program program = program_of(run);
  CHECK(group(*find_communicator(program, "expert tensor"), 1) == std::vector<std::int32_t>{2, 3});
  CHECK(group(*find_communicator(program, "expert"), 0) == std::vector<std::int32_t>{0, 2, 4, 6});
  CHECK(group(*find_communicator(program, "expert data"), 0) == std::vector<std::int32_t>{0, 8});
  const auto gathers = collectives_over(program, "expert tensor", Collective::all_gather);
  CHECK(gathers.count == 2 * L);
  CHECK(gathers.bytes / (gathers.count * byte) == Approx(2 * s / 2 * k * h * 2));
}

TEST_CASE("every rank is in one group of each communicator that its layout needs") {
  Run run = expert_run({.tensor = 2, .pipeline = 2, .context = 2, .data = 2}, 2);
  run.parallelism.expert_tensor = 2;
  const Program program = program_of(run);
  for (const std::string name : {"tensor", "pipeline", "data", "context", "expert", "expert tensor", "expert data"}) {
    INFO(name);
    const Communicator* communicator = find_communicator(program, name);
    REQUIRE(communicator != nullptr);
    CHECK(std::set(communicator->members.begin(), communicator->members.end()).size() == 16);
    CHECK(communicator->members.size() == 16);
    CHECK(communicator->offsets.back() == 16);
  }
}

TEST_CASE("gradients of experts are summed over their replicas, all others over the data-parallel ranks") {
  Run run = expert_run({.tensor = 2, .data = 8}, 4);
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const Weights weights = chunk_weights(run.model, layout, 0);
  CHECK(weights.expert == Approx(L * 8 * 3 * h * f / 4));
  const Program plain = program_of(run, 2);
  CHECK(collectives_over(plain, "data", Collective::all_reduce).bytes / byte == Approx(2 * weights.dense));
  CHECK(collectives_over(plain, "expert data", Collective::all_reduce).bytes / byte == Approx(2 * weights.expert));
  make_overlapped(run);
  const Program sharded = program_of(run, 2);
  const auto sum = collectives_over(sharded, "expert data", Collective::reduce_scatter);
  CHECK(sum.count == L);
  CHECK(sum.asynchronous == L);
  CHECK(sum.bytes / byte == Approx(2 * weights.expert));
  CHECK(collectives_over(sharded, "expert data", Collective::all_gather).bytes / byte == Approx(2 * weights.expert));
}

TEST_CASE("experts without a shared one need no gathered tokens: half of the tensor traffic is left out") {
  Run run = expert_run({.tensor = 2}, 4);
  const auto scatters = [&] { return collectives_over(program_of(run), "tensor", Collective::reduce_scatter).count; };
  const auto gathers = [&] { return collectives_over(program_of(run), "tensor", Collective::all_gather).count; };
  CHECK(scatters() == 4 * L + 2);  // embedding forward, head backward
  CHECK(gathers() == 4 * L + 2);
  run.model.n_shared_experts = run.model.shared_expert_intermediate_size = 0;
  CHECK(scatters() == 2 * L + 2);
  CHECK(gathers() == 2 * L + 2);
}

TEST_CASE("the first layers may be dense") {
  Run run = expert_run({}, 4);
  run.model.first_k_dense_replace = 1;
  CHECK(collectives_over(program_of(run), "expert", Collective::all_to_all).count == 4 * (L - 1));
  CHECK(run.model.layer_weights(0).expert == 0);
  CHECK(run.model.layer_weights(1).expert == 8 * 3 * h * f);
}

TEST_CASE("experts that cannot be shared out are an obstacle that says why") {
  CHECK(obstacle(expert_run({}, 3)) == "expert 3 does not divide the 8 experts of a layer");
  CHECK(obstacle(expert_run({.data = 2}, 4)) ==
        "expert 4 x expert_tensor 1 does not divide the 2 ranks of a stage (tensor 1 x context 1 x data 2)");
  Run run = expert_run({.tensor = 2}, 4);
  run.parallelism.sequence_parallel = false;
  CHECK(obstacle(run) ==
        "experts under tensor parallelism need sequence_parallel: each tensor rank sends tokens of its own");
  run = expert_run({.tensor = 2}, 4);
  run.parallelism.expert_tensor = 3;
  CHECK(obstacle(run) == "expert_tensor 3 does not divide moe_intermediate_size 1024");
  run = expert_run({.tensor = 2}, 4);
  run.model.shared_expert_intermediate_size = 1023;
  CHECK(obstacle(run) == "tensor 2 does not divide the 1023 columns of shared experts");
  run = toy_run({.parallelism = {.expert = 2}});
  CHECK(obstacle(run) == "expert 2 x expert_tensor 1: the model has no experts");
}

TEST_CASE("a token reaches at most as many nodes as it has experts, and fewer if its experts are in few groups") {
  Model model = expert_run({}, 1).model;
  CHECK(reached_nodes(model, 1) == Approx(1));
  CHECK(reached_nodes(model, 4) == Approx(1.75));  // two of four, a quarter of them twice the same
  model.num_experts_per_tok = 8;
  CHECK(reached_nodes(model, 8) > 5);
  model.n_group = 8;
  model.topk_group = 4;
  CHECK(reached_nodes(model, 8) == Approx(4 * (1 - std::pow(0.75, 8))));
  CHECK(reached_nodes(model, 16) == Approx(8 * (1 - std::pow(7.0 / 8, 8))));
  CHECK(reached_nodes(model, 2) <= 2);
}

TEST_CASE("tokens that go to a node once load the network less, and the node's own links once for every rank") {
  const int tensor = GENERATE(1, 2);
  Run run = expert_run({.tensor = tensor, .sequence_parallel = tensor > 1}, 8);
  const auto sent = [&](const std::string& name) {
    const Program program = program_of(run);
    Bytes bytes;
    for (const Block& block : program.blocks) {
      for (const Operation& op : block.operations) {
        if (op.kind != Operation::Kind::collective || op.collective != Collective::all_to_all) continue;
        if (program.communicators[static_cast<std::size_t>(op.communicator)].name == name) bytes += op.bytes;
      }
    }
    return bytes;
  };
  const Bytes copies = sent("expert");
  run.software.expert_dispatch = ExpertDispatch::ranks;
  const Bytes to_ranks = sent("expert");
  CHECK(to_ranks <= copies);
  run.software.expert_dispatch = ExpertDispatch::nodes;
  CHECK(sent("expert") == Bytes{});
  CHECK(sent("expert node") == to_ranks);
  CHECK(sent("expert rail") / copies == Approx(reached_nodes(run.model, 2) / k));
  const Program program = program_of(run);
  for (const Communicator& comm : program.communicators) {
    if (comm.name != "expert node" && comm.name != "expert rail") continue;
    std::multiset<std::int32_t> ranks(comm.members.begin(), comm.members.end());
    CHECK(ranks.size() == 16);
    CHECK(std::set<std::int32_t>(ranks.begin(), ranks.end()).size() == 16);
    for (int i = 0; i < comm.offsets[1]; ++i) {
      const bool on_first = comm.members[static_cast<std::size_t>(i)] / 4 == comm.members[0] / 4;
      CHECK(on_first == (comm.name == "expert node" || i == 0));
    }
  }
}

TEST_CASE("tokens sent in the format of operands are fewer bytes on the way to experts, and as many on the way back") {
  Run run = expert_run({}, 8);
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  run.precision = Precision::fp8;
  const auto sent = [&] {
    Bytes bytes;
    for (const Block& block : training_step(run, layout, 1).blocks) {
      for (const Operation& op : block.operations) {
        if (op.kind == Operation::Kind::collective && op.collective == Collective::all_to_all) bytes += op.bytes;
      }
    }
    return bytes;
  };
  const Bytes wide = sent();
  run.software.narrow_dispatch = true;
  CHECK(sent() / wide == Approx(7.0 / 8));  // one of four exchanges at half the bytes
}

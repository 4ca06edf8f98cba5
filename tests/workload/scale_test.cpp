// The catalogue's largest runs: feasible, and written as a program in no time.
#include "catalogue.hpp"
#include "cluster/cluster.hpp"
#include "each_operation.hpp"
#include "workload/memory.hpp"
#include "workload/training_step.hpp"

#include <algorithm>
#include <chrono>

using namespace traingrid;

namespace {

struct LargeRun {
  explicit LargeRun(const std::string& name)
      : run(catalogue_entry<Run>("runs", name)), cluster(catalogue_entry<Cluster>("clusters", run.cluster)) {
    LayoutOutcome outcome = resolve_layout(run, cluster);
    INFO(outcome.reason);
    REQUIRE(outcome.layout);
    layout = *outcome.layout;
    const MicroBatches micro = micro_batches(run, layout, run.batch);
    INFO(micro.reason);
    REQUIRE(micro.reason.empty());
    count = micro.count;
  }

  Run run;
  Cluster cluster;
  Layout layout;
  int count = 0;
};

}  // namespace

TEST_CASE("the largest runs have the ranks that their names say, and fit in memory") {
  const auto [name, ranks, gibibytes] = GENERATE(table<std::string, int, double>(
      {{"llama3-405b-16k", 16'384, 74}, {"moe-2t-131k", 131'072, 32}, {"dense-1m", 1'048'576, 54}}));
  const LargeRun entry(name);
  CHECK(entry.layout.ranks() == ranks);
  CHECK(entry.count == 16);
  const auto stages = memory_by_stage(entry.run, entry.layout, entry.count);
  const auto& terms = stages[fullest_stage(stages)];
  for (const MemoryTerm& term : terms) UNSCOPED_INFO(term.name << " " << term.bytes / gib << " GiB");
  CHECK(total(terms) < entry.cluster.accelerator.memory.capacity);
  CHECK(total(terms) / gib == Approx(gibibytes).epsilon(0.03));
}

TEST_CASE("expert groups of the mixture of experts span four racks") {
  const LargeRun entry("moe-2t-131k");
  const Program program = training_step(entry.run, entry.layout, entry.count);
  const std::vector<Device> devices = place(entry.run.placement, entry.layout, entry.cluster);
  const auto members = group(*find_communicator(program, "expert"), 1);
  REQUIRE(members.size() == 256);
  const auto rack = [&](std::int32_t rank) { return devices[index(rank)] / entry.cluster.node.accelerators; };
  CHECK(rack(members.front()) == 4);
  CHECK(rack(members.back()) == 7);
  CHECK(devices[index(members[64])] == 5 * 72);
  const auto sent = collectives_over(program, "expert", Collective::all_to_all);
  CHECK(sent.count == 96 * 4 * 16);  // layers, dispatch and combine both ways, micro-batches
  CHECK(sent.bytes / (sent.count * byte) == 4096.0 / 8 * 8 * 8192 * 2);
}

TEST_CASE("a step of the largest runs executes 6 FLOP per token and active weight, and attention") {
  const auto name = GENERATE(as<std::string>{}, "llama3-405b-16k", "moe-2t-131k", "dense-1m");
  const LargeRun entry(name);
  const Model& model = entry.run.model;
  const auto h = static_cast<double>(model.hidden_size), layers = static_cast<double>(model.num_hidden_layers);
  const auto s = static_cast<double>(entry.run.sequence_length);
  const double tokens = static_cast<double>(entry.run.batch) * s;
  const double beside = model.embedding_parameters() + (2 * layers + 1) * h;  // a table, and norms
  const double attention = (2 + 5) * s * h * layers;
  const StepWork work = step_work(training_step(entry.run, entry.layout, entry.count));
  CHECK(work.model / flop == Approx(tokens * (6 * (model.active_parameters() - beside) + attention)).epsilon(1e-12));
  CHECK(work.recomputed == Flop{});
}

TEST_CASE("the program of a million ranks is written in less than a second and holds a few numbers per rank") {
  const LargeRun entry("dense-1m");
  const auto begin = std::chrono::steady_clock::now();
  const Program program = training_step(entry.run, entry.layout, entry.count);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  CHECK(taken.count() < 1);
  std::size_t numbers = program.role_of_rank.size();
  for (const Communicator& c : program.communicators) numbers += c.members.capacity() + c.offsets.capacity();
  CHECK(numbers < 6 * program.role_of_rank.size());
  CHECK(program.works.size() < 40);
  UNSCOPED_INFO("written in " << taken.count() << " s");
}

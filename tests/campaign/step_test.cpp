#include "campaign/step.hpp"

#include "campaign/campaign.hpp"
#include "catch.hpp"
#include "cluster/fabric.hpp"
#include "toy.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace traingrid;

namespace {

struct Case {
  std::string name;
  Run run;
  Cluster cluster;
};

/// Layouts that use every term of the breakdown between them.
std::vector<Case> cases() {
  const Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 2, .latency = 1e-6 * second});
  const ToyModel model{.layers = 8};
  std::vector<Case> list;
  list.push_back({"data", toy_run({.batch = 32, .model = model}), cluster});
  list.push_back({"tensor and data", toy_run({.parallelism = {.tensor = 4}, .batch = 16, .model = model}), cluster});
  list.push_back({"sequence parallel",
                  toy_run({.parallelism = {.tensor = 4, .sequence_parallel = true},
                           .batch = 16,
                           .recompute = Recompute::selective,
                           .model = model}),
                  cluster});
  ToyRun pipeline{
      .parallelism = {.tensor = 2, .pipeline = 4}, .batch = 16, .recompute = Recompute::full, .model = model};
  list.push_back({"pipeline", toy_run(pipeline), cluster});
  list.push_back({"scatter/gather", toy_run(pipeline), cluster});
  list.back().run.software.scatter_gather_pipeline = true;
  pipeline.schedule = "gpipe";
  list.push_back({"gpipe", toy_run(pipeline), cluster});
  pipeline.schedule = "interleaved-1f1b";
  pipeline.parallelism.virtual_stages = 2;
  list.push_back({"interleaved, overlapped, sharded", toy_run(pipeline), cluster});
  list.back().run.software.overlap_data_parallel = list.back().run.software.distributed_optimizer = true;
  return list;
}

std::shared_ptr<const SimulatedStep> step_of(const Run& run, const Cluster& cluster) {
  const Campaign campaign = simulate_campaign(run, cluster, tuning_of(cluster, {}));
  REQUIRE(campaign.obstacle.empty());
  return campaign.step;
}

Seconds sum_of(const Breakdown& b) {
  return b.compute + b.recompute + b.tensor + b.context + b.expert + b.pipeline_bubble + b.pipeline_p2p + b.data +
         b.optimizer + b.host + b.stragglers + b.other;
}

/// Tensor ranks fill nodes, and the data-parallel ranks of a rail meet only through NICs: no two terms share a link.
Case apart() { return {"apart", toy_run({.parallelism = {.tensor = 4}, .batch = 8}), toy_cluster({.nodes = 2})}; }

/// As `apart`, with a pipeline of two stages between nodes.
Case pipelined() {
  return {"pipelined", toy_run({.parallelism = {.tensor = 4, .pipeline = 2}, .batch = 16}), toy_cluster({.nodes = 4})};
}

}  // namespace

TEST_CASE("the terms of the breakdown sum to the time of the step") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto step = step_of(c.run, c.cluster);
    CHECK(sum_of(step->result.breakdown) / step->result.time == Approx(1).epsilon(1e-12));
  }
}

TEST_CASE("an accelerator on its own takes the sum of its kernels") {
  const Run run = toy_run({.batch = 3, .recompute = Recompute::full});
  const auto step = step_of(run, toy_cluster({.nodes = 1, .accelerators = 1, .nics = 1}));
  Seconds kernels, optimizer;
  for (const Launch& launch : step->program.roles.front().launches) {
    for (const Operation& op : step->program.blocks[static_cast<std::size_t>(launch.block)].operations) {
      const Seconds time =
          device_time(toy_accelerator(), step->program.works[static_cast<std::size_t>(op.work)]).total();
      kernels += time;
      if (op.term == Term::optimizer) optimizer += time;
    }
  }
  CHECK(step->result.time / kernels == Approx(1).epsilon(1e-9));
  const Breakdown& breakdown = step->result.breakdown;
  CHECK((breakdown.compute + breakdown.recompute + breakdown.optimizer) / kernels == Approx(1).epsilon(1e-9));
  CHECK(breakdown.optimizer / optimizer == Approx(1).epsilon(1e-9));
}

TEST_CASE("the tensor term is rings over scale-up links, the data term a ring over NICs") {
  Case c = apart();
  const double bytes = 256 * 512 * 2, sums = 4 * (4 * 4 + 2);  // 4 micro-batches of 4 layers
  const double weights = chunk_parameters(c.run.model, toy_layout(c.run, c.cluster), 0);
  const Breakdown fast = step_of(c.run, c.cluster)->result.breakdown;
  CHECK(fast.tensor / second == Approx(sums * (2 * 3.0 / 4) * bytes / 1e11));
  CHECK(fast.data / second == Approx((2 * 1.0 / 2) * 2 * weights / 1e10));

  c.cluster.node.scale_up.latency = c.cluster.network.link.latency = 1e-5 * second;
  const Breakdown slow = step_of(c.run, c.cluster)->result.breakdown;
  CHECK((slow.tensor - fast.tensor) / second == Approx(sums * 2 * 3 * 1e-5));
  CHECK((slow.data - fast.data) / second == Approx(2 * 1 * 1e-5));
}

TEST_CASE("without a pipeline, halving scale-up bandwidth doubles the tensor term and moves nothing else") {
  Case c = apart();
  const Breakdown before = step_of(c.run, c.cluster)->result.breakdown;
  c.cluster.node.scale_up.bandwidth *= 0.5;
  const Breakdown after = step_of(c.run, c.cluster)->result.breakdown;
  CHECK(after.tensor / before.tensor == Approx(2).epsilon(1e-9));
  CHECK(after.data / before.data == Approx(1).epsilon(1e-9));
  CHECK(after.compute / before.compute == Approx(1).epsilon(1e-9));
  CHECK(after.optimizer / before.optimizer == Approx(1).epsilon(1e-9));
  for (const Seconds absent : {after.recompute, after.pipeline_bubble, after.pipeline_p2p, after.other}) {
    CHECK(absent / second == Approx(0).margin(1e-12));
  }
}

TEST_CASE("without a pipeline, halving NIC bandwidth, or that of the leaves above, doubles the data term only") {
  Case c = apart();
  const Breakdown before = step_of(c.run, c.cluster)->result.breakdown;
  SECTION("NICs") { c.cluster.network.link.bandwidth *= 0.5; }
  SECTION("leaf uplinks") { c.cluster.network.clos.oversubscription = 2; }
  const Breakdown after = step_of(c.run, c.cluster)->result.breakdown;
  CHECK(after.data / before.data == Approx(2).epsilon(1e-9));
  CHECK(after.tensor / before.tensor == Approx(1).epsilon(1e-9));
  CHECK(after.compute / before.compute == Approx(1).epsilon(1e-9));
  CHECK(after.optimizer / before.optimizer == Approx(1).epsilon(1e-9));
  CHECK(after.pipeline_bubble == Seconds{});
}

// A slower sum on one stage makes the others wait, so the bubble moves with it; a message that is on its way meanwhile
// is waited for less or longer. Arithmetic, optimizer and gradients, over NICs, must not move.
TEST_CASE(
    "in a pipeline, halving scale-up bandwidth doubles the tensor term and moves only bubble and messages beside") {
  Case c = pipelined();
  const Breakdown before = step_of(c.run, c.cluster)->result.breakdown;
  c.cluster.node.scale_up.bandwidth *= 0.5;
  const Breakdown after = step_of(c.run, c.cluster)->result.breakdown;
  CHECK(after.tensor / before.tensor == Approx(2).epsilon(1e-9));
  CHECK(after.pipeline_bubble > before.pipeline_bubble);
  CHECK(after.compute / before.compute == Approx(1).epsilon(1e-9));
  CHECK(after.data / before.data == Approx(1).epsilon(1e-9));
  CHECK(after.optimizer / before.optimizer == Approx(1).epsilon(1e-9));
}

TEST_CASE("in a pipeline, halving NIC bandwidth doubles the data term and moves only bubble and messages beside") {
  Case c = pipelined();
  const Breakdown before = step_of(c.run, c.cluster)->result.breakdown;
  c.cluster.network.link.bandwidth *= 0.5;
  const Breakdown after = step_of(c.run, c.cluster)->result.breakdown;
  CHECK(after.data / before.data == Approx(2).epsilon(1e-9));
  CHECK(after.pipeline_p2p > before.pipeline_p2p);
  CHECK(after.tensor / before.tensor == Approx(1).epsilon(1e-9));
  CHECK(after.compute / before.compute == Approx(1).epsilon(1e-9));
  CHECK(after.optimizer / before.optimizer == Approx(1).epsilon(1e-9));
}

TEST_CASE("no step is slower with more bandwidth of any link class, less latency or a faster accelerator") {
  const std::vector<std::pair<std::string, std::function<void(Cluster&)>>> better{
      {"scale-up", [](Cluster& c) { c.node.scale_up.bandwidth *= 2; }},
      {"NIC", [](Cluster& c) { c.network.link.bandwidth *= 2; }},
      {"uplinks", [](Cluster& c) { c.network.clos.oversubscription = 1; }},
      {"latency", [](Cluster& c) { c.node.scale_up.latency = c.network.link.latency = {}; }},
      {"arithmetic", [](Cluster& c) { c.accelerator.peak["fp16"] *= 2; }},
      {"memory", [](Cluster& c) { c.accelerator.memory.bandwidth *= 2; }}};
  for (Case& c : cases()) {
    c.cluster.network.clos.oversubscription = 4;
    const Seconds base = step_of(c.run, c.cluster)->result.time;
    for (const auto& [name, improve] : better) {
      INFO(c.name << ", better " << name);
      Cluster improved = c.cluster;
      improve(improved);
      CHECK(step_of(c.run, improved)->result.time <= base * (1 + 1e-9));
    }
  }
}

TEST_CASE("a step on a cluster that is twice as fast in everything takes half the time") {
  for (const Case& c : cases()) {
    INFO(c.name);
    Cluster twice = c.cluster;
    twice.accelerator.peak["fp16"] *= 2;
    twice.accelerator.memory.bandwidth *= 2;
    for (LinkType* link : {&twice.node.scale_up, &twice.network.link}) {
      link->bandwidth *= 2;
      link->latency *= 0.5;
    }
    CHECK(step_of(c.run, c.cluster)->result.time / step_of(c.run, twice)->result.time == Approx(2).epsilon(1e-9));
  }
}

TEST_CASE("the energy of a step is the power of every rank class, times its accelerators, over time") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto step = step_of(c.run, c.cluster);
    Joules energy;
    double accelerators = 0;
    for (std::size_t rank = 0; rank < step->evaluation.quotient.ranks.size(); ++rank) {
      const double count = step->evaluation.quotient.ranks[rank].multiplicity;
      accelerators += count;
      for (const PowerSpan& span : power_of(step->evaluation, step->program, c.cluster, rank)) {
        energy += count * span.power * (span.end - span.start);
      }
    }
    CHECK(accelerators == c.cluster.accelerators());
    CHECK(step_power(*step, c.cluster).mean.accelerators * step->result.time / energy == Approx(1).epsilon(1e-9));
  }
}

TEST_CASE("kernels draw by what limits them, and collectives what moving data takes") {
  const Case c = apart();  // nobody waits, so all the rest of the step moves data
  const auto step = step_of(c.run, c.cluster);
  DeviceTime kernels;
  for (const Launch& launch : step->program.roles.front().launches) {
    for (const Operation& op : step->program.blocks[static_cast<std::size_t>(launch.block)].operations) {
      if (op.kind != Operation::Kind::compute) continue;
      kernels = kernels + device_time(c.cluster.accelerator, step->program.works[static_cast<std::size_t>(op.work)]);
    }
  }
  const Joules energy = 400 * watt * kernels.compute_bound + 300 * watt * kernels.memory_bound +
                        200 * watt * (step->result.time - kernels.total());
  CHECK(step_power(*step, c.cluster).mean.accelerators * step->result.time / (8 * energy) == Approx(1).epsilon(1e-9));
}

TEST_CASE("the last stage is stalled until its first message comes") {
  const Case c = pipelined();
  const auto step = step_of(c.run, c.cluster);
  for (std::size_t rank = 0; rank < step->evaluation.quotient.ranks.size(); ++rank) {
    if (step->evaluation.quotient.ranks[rank].role != 1) continue;
    const auto powers = power_of(step->evaluation, step->program, c.cluster, rank);
    const auto spans = spans_of(step->evaluation, step->program, rank);
    CHECK(powers.front().power / watt == 100);
    CHECK(powers.front().end == spans.front().end);
    CHECK(spans.front().kind == Operation::Kind::receive);
    CHECK(spans.front().transfer > spans.front().start);
  }
}

TEST_CASE("power and operations of a rank class cover the step without gaps") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto step = step_of(c.run, c.cluster);
    for (std::size_t rank = 0; rank < step->evaluation.quotient.ranks.size(); ++rank) {
      Seconds powered, worked;
      for (const PowerSpan& span : power_of(step->evaluation, step->program, c.cluster, rank)) {
        CHECK(span.start == powered);
        CHECK(span.power >= c.cluster.accelerator.power.stalled);
        powered = span.end;
      }
      for (const Span& span : spans_of(step->evaluation, step->program, rank)) {
        CHECK(span.start == worked);
        worked = span.end;
      }
      CHECK(powered == step->result.time);
      CHECK(worked <= step->result.time);
    }
  }
}

TEST_CASE("the power of all accelerators lies between all stalled and all computing") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const auto step = step_of(c.run, c.cluster);
    const auto powers = cluster_power(step->evaluation, step->program, c.cluster);
    REQUIRE_FALSE(powers.empty());
    CHECK(powers.front().at == Seconds{});
    const double count = c.cluster.accelerators();
    for (const PowerStep& power : powers) {
      CHECK(power.power / watt >= Approx(count * 100));
      CHECK(power.power / watt <= Approx(count * 400));
    }
    CHECK(std::ranges::is_sorted(powers, {}, &PowerStep::at));
  }
}

TEST_CASE("the slowest of twice as many accelerators prolongs a step by the stated share, and only that") {
  Case usual = apart();
  const StepResult before = step_of(usual.run, usual.cluster)->result;
  usual.cluster.accelerator.efficiency.straggling = 0.01;
  const StepResult after = step_of(usual.run, usual.cluster)->result;
  const double doublings = std::log2(usual.cluster.accelerators());
  CHECK(after.breakdown.stragglers / before.time == Approx(0.01 * doublings));
  CHECK(after.time / before.time == Approx(1 + 0.01 * doublings));
  CHECK(after.breakdown.compute == before.breakdown.compute);
  CHECK(sum_of(after.breakdown) / after.time == Approx(1));
}

TEST_CASE("waiting for the slowest, accelerators draw what they draw when stalled") {
  Case usual = apart();
  const auto before = step_of(usual.run, usual.cluster);
  usual.cluster.accelerator.efficiency.straggling = 0.01;
  const auto after = step_of(usual.run, usual.cluster);
  const Watts waiting = usual.cluster.accelerators() * usual.cluster.accelerator.power.stalled;
  const auto energy_of = [&](const SimulatedStep& step) {
    return step_power(step, usual.cluster).mean.accelerators * step.result.time;
  };
  CHECK(energy_of(*after) / (energy_of(*before) + waiting * after->result.breakdown.stragglers) == Approx(1));
}

TEST_CASE("a host slower than the device holds it up by what its launches take longer; graphs take that away") {
  Case usual = apart();
  const StepResult before = step_of(usual.run, usual.cluster)->result;
  usual.run.software.launch_interval = 1e-3 * second;
  const StepResult after = step_of(usual.run, usual.cluster)->result;
  CHECK(after.breakdown.host > Seconds{});
  CHECK(sum_of(after.breakdown) / after.time == Approx(1));
  CHECK(after.time / second == Approx((before.time + after.breakdown.host) / second));
  usual.run.software.cuda_graphs = true;
  CHECK(step_of(usual.run, usual.cluster)->result.time == before.time);
}

TEST_CASE("overheads of step and micro-batch pass once, or once per micro-batch and stage") {
  Case usual = apart();
  const StepResult before = step_of(usual.run, usual.cluster)->result;
  usual.run.software.step_overhead = 1e-3 * second;
  CHECK((step_of(usual.run, usual.cluster)->result.time - before.time) / second == Approx(1e-3));
  usual.run.software.step_overhead = {};
  usual.run.software.micro_batch_overhead = 1e-3 * second;
  const auto micro_batches = static_cast<double>(usual.run.batch) * 4 / usual.cluster.accelerators();
  CHECK((step_of(usual.run, usual.cluster)->result.time - before.time) / second == Approx(micro_batches * 1e-3));
}

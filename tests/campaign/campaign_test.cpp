#include "campaign/campaign.hpp"

#include "catch.hpp"
#include "toy.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

Campaign simulated(const Run& run, const Cluster& cluster, Folding folding = Folding::certified) {
  Campaign campaign = simulate_campaign(run, cluster, tuning_of(cluster, {}), {}, folding);
  REQUIRE(campaign.obstacle.empty());
  return campaign;
}

}  // namespace

TEST_CASE("a run takes the steps that its tokens make, each as long as the one that was simulated") {
  const Run run = toy_run({.parallelism = {.tensor = 4}});
  const Campaign campaign = simulated(run, toy_cluster());
  const DurationResult duration = duration_of(campaign.timeline);
  CHECK(*duration.steps == Approx(100));
  CHECK(duration.time / campaign.step->result.time == Approx(100));
  CHECK(duration.accelerator_time / duration.time == Approx(8));
  CHECK(campaign.step->result.samples_per_s * (campaign.step->result.time / second) == Approx(run.batch));
  CHECK(campaign.step->result.tokens_per_s == Approx(campaign.step->result.samples_per_s * 256));
}

TEST_CASE("every stage of a batch ramp is simulated at its batch and weighted by its tokens") {
  Run run = toy_run({.parallelism = {.tensor = 4}, .batch = 16});  // data 2, so 2 sequences at least
  run.tokens = 100 * 256;
  run.batch_ramp = {{.tokens = 20 * 256, .batch = 2}, {.tokens = 40 * 256, .batch = 8}};
  const Campaign campaign = simulated(run, toy_cluster());
  const auto step_time = [&](std::int64_t batch) {
    Run alone = run;
    alone.batch = batch;
    alone.batch_ramp.clear();
    return simulated(alone, toy_cluster()).step->result.time;
  };
  const auto& segments = campaign.timeline.segments;
  REQUIRE(segments.size() == 3);
  CHECK(segments[0].steps == Approx(10));
  CHECK(segments[1].steps == Approx(5));
  CHECK(segments[2].steps == Approx(2.5));  // 40 sequences are left
  CHECK(segments[0].duration / step_time(2) == Approx(10));
  CHECK(segments[1].duration / step_time(8) == Approx(5));
  CHECK(segments[2].duration / step_time(16) == Approx(2.5));
  CHECK(segments[0].tokens + segments[1].tokens + segments[2].tokens == Approx(run.tokens));
  CHECK(campaign.step->result.time == step_time(16));
  CHECK(*duration_of(campaign.timeline).steps == Approx(17.5));
}

TEST_CASE("small batches train slower: gradients are summed more often") {
  Run run = toy_run({.parallelism = {.tensor = 4}, .batch = 16});
  const Seconds full = simulated(run, toy_cluster()).timeline.duration();
  run.batch_ramp = {{.tokens = run.tokens / 2, .batch = 2}};
  CHECK(simulated(run, toy_cluster()).timeline.duration() > full);
}

TEST_CASE("spares draw idle power, and count in accelerator-hours and hosts") {
  Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 4});
  cluster.node.power.idle = 120 * watt;
  Run run = toy_run({.parallelism = {.tensor = 4, .data = 2}});
  const Campaign spared = simulated(run, cluster);
  const Campaign full = simulated(run, toy_cluster({.nodes = 2, .nodes_per_leaf = 4}));
  CHECK(spared.step->result.time / full.step->result.time == Approx(1).epsilon(1e-9));
  CHECK((spared.step->mean.accelerators - full.step->mean.accelerators) / watt == Approx(8 * 50));
  CHECK((spared.step->mean.hosts - full.step->mean.hosts) / watt == Approx(2 * 120));  // two nodes without work
  const DurationResult duration = duration_of(spared.timeline);
  CHECK(duration.accelerator_time / duration.time == Approx(16));
}

TEST_CASE("utilisation is the model's FLOP over what the working accelerators could have done") {
  const Run run = toy_run({.parallelism = {.tensor = 4, .data = 2}, .recompute = Recompute::full});
  const Campaign campaign = simulated(run, toy_cluster({.nodes = 4}));  // of them 8 accelerators work
  const StepResult& result = campaign.step->result;
  const StepWork work = step_work(campaign.step->program);
  const Flop possible = 8 * (100 * teraflop / second) * result.time;
  CHECK(result.mfu == Approx(work.model / possible));
  CHECK(result.hfu == Approx((work.model + work.recomputed) / possible));
  CHECK(result.model_flops_per_accelerator / (teraflop / second) == Approx(100 * result.mfu));
}

TEST_CASE("energy over the run is mean power over time, and no mean is above the peak") {
  Run run = toy_run({.parallelism = {.tensor = 4}, .batch = 16});
  run.batch_ramp = {{.tokens = run.tokens / 4, .batch = 4}};
  const Campaign campaign = simulated(run, toy_cluster());
  Joules energy;
  for (const Segment& segment : campaign.timeline.segments) {
    energy += segment.mean.total() * segment.duration;
    CHECK(segment.mean.total() <= segment.peak);
  }
  CHECK(campaign.timeline.energy().total() / energy == Approx(1));
  CHECK(campaign.timeline.peak() >= campaign.step->peak);
}

TEST_CASE("the rest of a cluster draws hosts with the loss of their power supplies, switches and storage") {
  Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 4});
  cluster.node.power.psu_efficiency = 0.8;
  cluster.storage_power_per_node = 25 * watt;
  cluster.node.power.idle = 100 * watt;
  const ItPower power = beside_accelerators(cluster, 3, 6000 * watt);
  CHECK(power.accelerators == Watts{});
  CHECK(power.hosts / watt == Approx((3 * 500 + 100 + 6000) / 0.8 - 6000));  // the fourth node has no work
  CHECK(power.network / watt == Approx(100));                                // 16 NICs meet at one switch
  CHECK(power.storage / watt == Approx(100));
}

TEST_CASE("folding changes neither time nor power nor memory") {
  const auto parallelism = GENERATE(values<Parallelism>({{.tensor = 4}, {.tensor = 2, .pipeline = 2}}));
  const Run run = toy_run({.parallelism = parallelism});
  const Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 2});
  const auto folding = GENERATE(Folding::certified, Folding::equitable);
  const Campaign folded = simulated(run, cluster, folding), unfolded = simulated(run, cluster, Folding::none);
  CHECK(folded.step->result.time / unfolded.step->result.time == Approx(1).epsilon(1e-9));
  CHECK(folded.step->mean.total() / unfolded.step->mean.total() == Approx(1).epsilon(1e-9));
  CHECK(folded.step->peak / unfolded.step->peak == Approx(1).epsilon(1e-9));
  CHECK(folded.step->result.memory_peak == unfolded.step->result.memory_peak);
  CHECK(folded.step->result.activities == unfolded.step->result.activities);
  CHECK(folded.step->result.classes < unfolded.step->result.classes);
}

TEST_CASE("a design that does not fit into memory says how much of what it needs") {
  Cluster cluster = toy_cluster();
  cluster.accelerator.memory.capacity = 16 * gib;
  const Run run =
      toy_run({.parallelism = {.tensor = 4},
               .micro_batch = 2,
               .model = {.layers = 24, .hidden = 8192, .heads = 64, .vocabulary = 51200, .sequence = 2048}});
  const Campaign campaign = simulate_campaign(run, cluster, tuning_of(cluster, {}));
  CHECK(campaign.obstacle ==
        "out of memory: 100.93 GiB needed of 16.00 GiB (weights 9.20 GiB, gradients 9.20 GiB, optimizer states 55.23 "
        "GiB, "
        "activations 27.00 GiB, working space 0.29 GiB, reserved 0.00 GiB)");
  CHECK(campaign.step == nullptr);
  CHECK(campaign.timeline.segments.empty());
  CHECK(campaign.memory_terms.size() == 6);
  CHECK(total(campaign.memory_terms) > cluster.accelerator.memory.capacity);
}

TEST_CASE("a run that a layout or its batches forbid is not simulated") {
  const auto obstacle = [](const ToyRun& toy) {
    const Campaign campaign = simulate_campaign(toy_run(toy), toy_cluster(), tuning_of(toy_cluster(), {}));
    CHECK(campaign.step == nullptr);
    CHECK(campaign.timeline.segments.empty());
    return campaign.obstacle;
  };
  CHECK(obstacle({.parallelism = {.tensor = 3}}) == "tensor 3 does not divide 8 attention heads and 8 key/value heads");
  CHECK(obstacle({.batch = 12}) == "batch 12 is not a multiple of data 8 x micro_batch 1");
  Run ramped = toy_run();
  ramped.batch_ramp = {{.tokens = 256, .batch = 4}};
  CHECK(simulate_campaign(ramped, toy_cluster(), tuning_of(toy_cluster(), {})).obstacle ==
        "batch 4 is not a multiple of data 8 x micro_batch 1");
}

TEST_CASE("the time of a step alone is that of its campaign, and what forbids one forbids the other") {
  const ToyRun toy{.parallelism = {.tensor = 2}};
  const Cluster cluster = toy_cluster();
  const Tuning tuning = tuning_of(cluster, {});
  const StepTime alone = step_time(toy_run(toy), cluster, tuning);
  CHECK(alone.obstacle.empty());
  CHECK(alone.time == simulate_campaign(toy_run(toy), cluster, tuning).step->result.time);
  CHECK(step_time(toy_run({.batch = 12}), cluster, tuning).obstacle ==
        "batch 12 is not a multiple of data 8 x micro_batch 1");
}

#include "campaign/campaign.hpp"

#include "catch.hpp"
#include "toy.hpp"

using namespace traingrid;

namespace {

constexpr Bandwidth kEndless = 1e18 * byte / second;

Cluster with_host(Bandwidth link, Bandwidth memory = kEndless, Bytes capacity = 1000 * gib) {
  Cluster cluster = toy_cluster();
  cluster.node.host = Host{.name = "Toy host",
                           .accelerators = 4,
                           .memory = capacity,
                           .memory_bandwidth = memory,
                           .memory_efficiency = 1,
                           .optimizer_efficiency = 0.5,
                           .link = {"Toy PCIe", link, 1}};
  return cluster;
}

Run offloading(const Offload& offload) {
  Run run = toy_run({});
  run.software.distributed_optimizer = true;
  run.offload = offload;
  return run;
}

StepResult step_of(const Run& run, const Cluster& cluster, Folding folding = Folding::certified) {
  const Campaign campaign = simulate_campaign(run, cluster, tuning_of(cluster, {}), {}, folding);
  REQUIRE(campaign.obstacle.empty());
  return campaign.step->result;
}

Bytes on_host(const StepResult& step) { return step.host_memory_peak.value_or(Bytes{}); }

}  // namespace

TEST_CASE("offloading activations over an endlessly fast link costs nothing, over a fast one nothing that shows") {
  const Seconds without = step_of(offloading({}), toy_cluster()).time;
  const Run run = offloading({.cpu_offloading_num_layers = 2});
  CHECK(step_of(run, with_host(kEndless)).time / without == Approx(1));
  CHECK(step_of(run, with_host(1e12 * byte / second)).time / without == Approx(1));  // hidden by its window
}

TEST_CASE("over a slow link a step takes what the copies out and in take") {
  const Run run = offloading({.cpu_offloading_num_layers = 3});
  const Bandwidth link = 1e6 * byte / second;
  const StepResult step = step_of(run, with_host(link));
  const double micro_batches = 1;  // of eight replicas
  const Seconds copies = 2 * micro_batches * (on_host(step) / link);
  CHECK(step.time > copies);
  CHECK(step.time / copies == Approx(1).epsilon(0.02));
  CHECK(step.breakdown.offload / step.time > 0.98);
}

TEST_CASE("a run that offloads nothing takes no notice of a host") {
  const Run run = offloading({});
  const StepResult with = step_of(run, with_host(1e3 * byte / second)), without = step_of(run, toy_cluster());
  CHECK(with.time == without.time);
  CHECK(with.links.size() == without.links.size());
  CHECK_FALSE(with.host_memory_peak);
}

TEST_CASE("the accelerators of a host share its memory, whose rate bounds what it updates for all of them") {
  const Run run = offloading({.optimizer_offload_fraction = 1});
  const Bandwidth memory = 1e7 * byte / second;
  const StepResult step = step_of(run, with_host(kEndless, memory));
  const double updated = *step.host_memory_peak / byte / (12 + 2);  // states and gradients of a parameter
  const Seconds update = 4 * updated * 30 * byte / (0.5 * memory);
  CHECK(step.breakdown.optimizer / update == Approx(1).epsilon(0.01));
}

TEST_CASE("folded or not, a step that offloads takes the same time") {
  Run run = offloading({.offload_modules = {OffloadModule::core_attn, OffloadModule::attn_norm},
                        .optimizer_offload_fraction = 0.5,
                        .overlap_cpu_optimizer_d2h_h2d = true});
  run.parallelism = {.tensor = 2, .pipeline = 2};
  Cluster cluster = with_host(1e9 * byte / second, 3e9 * byte / second);
  cluster.node.host->carries_network = GENERATE(true, false);
  CHECK(step_of(run, cluster).time / step_of(run, cluster, Folding::none).time == Approx(1).epsilon(1e-9));
}

TEST_CASE("what accelerators exchange between nodes shares their link to the host where it takes it") {
  const Run run = offloading({.cpu_offloading_num_layers = 3});
  Cluster cluster = with_host(5e9 * byte / second);  // half a NIC
  const Seconds apart = step_of(run, cluster).time;
  cluster.node.host->carries_network = true;
  CHECK(step_of(run, cluster).time > apart);
}

TEST_CASE("a host that holds too little, or none, makes a design infeasible, with the reason") {
  const Run run = offloading({.optimizer_offload_fraction = 1});
  const auto obstacle = [&](const Cluster& cluster) {
    return simulate_campaign(run, cluster, tuning_of(cluster, {})).obstacle;
  };
  const std::string small = obstacle(with_host(kEndless, kEndless, 4 * 1e6 * byte));
  CHECK(small.find("out of memory of the host, by accelerator: ") == 0);
  CHECK(small.find("optimizer states") != std::string::npos);
  CHECK(obstacle(toy_cluster()) ==
        "the run offloads to hosts, and Toy cluster says nothing of them; add `host` to its `node`");
}

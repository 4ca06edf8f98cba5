// Training steps on small clusters, healthy and not: what folding is tried on.
#pragma once

#include "engine/evaluate.hpp"
#include "fold/memory_traffic.hpp"
#include "fold/plain_tuning.hpp"
#include "toy.hpp"
#include "workload/training_step.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace traingrid {

struct StepCase {
  std::string name;
  int tensor = 1, pipeline = 1, data = 1;
  int accelerators = 4, nics = 4;  ///< per node
  int virtual_stages = 1, micro_batches = 2;
  int layers = 0;  ///< of the model; one per model chunk if 0
  int spare_nodes = 0;
  void (*change)(Run& run) = [](Run&) {};

  int ranks(const Run& run) const { return tensor * pipeline * data * run.parallelism.context; }
};

struct NetworkCase {
  std::string topology = "rail-optimised";
  double oversubscription = 1;
  int nodes_per_leaf = 4;
};

enum class Condition {
  healthy,
  slow_nic,
  slow_accelerator,
  random_placement,
  half_filled_leaf,
  slow_trunk,
  trunk_down,
  mixed_generations
};

inline Run run_of(const StepCase& c) {
  Run run = toy_run({.parallelism = {.tensor = c.tensor, .pipeline = c.pipeline, .virtual_stages = c.virtual_stages},
                     .batch = c.data * c.micro_batches,
                     .schedule = c.virtual_stages > 1 ? "interleaved-1f1b" : "1f1b",
                     .model = {.layers = c.layers > 0 ? c.layers : c.pipeline * c.virtual_stages,
                               .hidden = 4096,
                               .heads = 64,
                               .vocabulary = 16384,
                               .sequence = 1024}});
  run.parallelism.data = c.data;
  c.change(run);
  return run;
}

/// Steps of milliseconds to seconds, so that the nanosecond at which SimGrid merges dates does not show.
struct PlacedStep {
  PlacedStep(const StepCase& c, const NetworkCase& network, Condition condition = Condition::healthy)
      : PlacedStep(c, cluster_for(c, network, condition), condition) {}
  /// `forced`: algorithms by collective.
  PlacedStep(const StepCase& c, Cluster on, Condition condition, std::map<std::string, std::string> forced = {})
      : cluster(std::move(on)) {
    cluster.node.scale_up.latency = 3e-6 * second;
    cluster.network.link.latency = 11e-6 * second;
    if (condition == Condition::mixed_generations) {
      cluster.generations = {{.first_node = 1, .nodes = 1, .accelerator = cluster.accelerator}};
      cluster.generations.front().accelerator.peak["fp16"] *= 0.5;
    }
    const Run run = run_of(c);
    fabric = build_fabric(cluster);
    tuning = plain_tuning(cluster);
    tuning.forced = std::move(forced);
    program = training_step(run, toy_layout(run, cluster), c.micro_batches);
    if (cluster.node.kernels_share_memory) program = with_memory_traffic(std::move(program), cluster.accelerator);
    place(condition);
  }

  Evaluation evaluate(Folding folding) const {
    return traingrid::evaluate({cluster, *fabric, tuning}, overrides, {&program, device_of_rank}, folding);
  }
  WorkTime work_time() const {
    return [this](std::int32_t work, const RankClass& rank) {
      return device_time(cluster.accelerator, program.works[static_cast<std::size_t>(work)]).total() * rank.slowdown;
    };
  }
  LinkId link(const std::string& level, int number) const {
    return std::ranges::find(fabric->levels(), level, &LinkLevel::name)->first + number;
  }

  Cluster cluster;
  std::unique_ptr<Fabric> fabric;
  Tuning tuning;
  Program program;
  std::vector<Device> device_of_rank;
  Overrides overrides;

 private:
  static Cluster cluster_for(const StepCase& c, const NetworkCase& network, Condition condition) {
    const int nodes = (c.ranks(run_of(c)) + c.accelerators - 1) / c.accelerators + c.spare_nodes;
    const bool gap = condition == Condition::half_filled_leaf;
    return toy_cluster({.nodes = nodes + (gap ? 1 : 0),
                        .accelerators = c.accelerators,
                        .nics = c.nics,
                        .nodes_per_leaf = network.nodes_per_leaf,
                        .oversubscription = network.oversubscription,
                        .topology = network.topology});
  }

  void place(Condition condition) {
    for (Device device = 0; device < fabric->devices(); ++device) device_of_rank.push_back(device);
    if (condition == Condition::random_placement) std::ranges::shuffle(device_of_rank, std::mt19937(5));
    if (condition == Condition::half_filled_leaf) {  // the second node stays empty
      const auto second_node = device_of_rank.begin() + cluster.node.accelerators;
      device_of_rank.erase(second_node, second_node + cluster.node.accelerators);
    }
    device_of_rank.resize(program.role_of_rank.size());
    if (condition == Condition::slow_nic) overrides.links.push_back({link("nic out", 0), 0.5});
    if (condition == Condition::slow_trunk) overrides.links.push_back({fabric->first_network_link(), 0.5});
    if (condition == Condition::trunk_down) overrides.links.push_back({fabric->first_network_link(), 0});
    if (condition == Condition::slow_accelerator) overrides.devices.push_back({device_of_rank[1], 1.25});
  }
};

/// Every kind of layout that a run can ask for, on 32 to 128 accelerators under several leaves.
inline std::vector<StepCase> step_cases() {
  return {
      {.name = "data only", .data = 32},
      {.name = "data, tensor in whole nodes", .tensor = 4, .data = 16},
      {.name = "all three", .tensor = 4, .pipeline = 4, .data = 8},
      {.name = "pipeline of single accelerators", .pipeline = 8, .data = 8, .accelerators = 8, .nics = 8},
      {.name = "tensor over nodes", .tensor = 8, .pipeline = 2, .data = 4},
      {.name = "tensor 4 in nodes of 8", .tensor = 4, .pipeline = 2, .data = 16, .accelerators = 8, .nics = 8},
      {.name = "shared NICs", .tensor = 8, .pipeline = 2, .data = 8, .accelerators = 8},
      {.name = "one NIC per node", .tensor = 2, .pipeline = 2, .data = 16, .nics = 1},
      {.name = "interleaved", .tensor = 2, .pipeline = 4, .data = 8, .virtual_stages = 2, .micro_batches = 4},
      {.name = "spares", .tensor = 4, .pipeline = 3, .data = 4, .spare_nodes = 1},
      {.name = "uneven stages",
       .tensor = 2,
       .pipeline = 4,
       .data = 8,
       .layers = 6,
       .change =
           [](Run& run) {
             run.parallelism.account_for_embedding_in_pipeline_split = true;
             run.parallelism.account_for_loss_in_pipeline_split = true;
           }},
      {.name = "data-parallel overlap",
       .tensor = 2,
       .pipeline = 2,
       .data = 16,
       .layers = 4,
       .change = [](Run& run) { run.software.overlap_data_parallel = true; }},
      {.name = "distributed optimizer, overlapped",
       .tensor = 4,
       .pipeline = 2,
       .data = 8,
       .change =
           [](Run& run) {
             run.software.distributed_optimizer = true;
             run.software.overlap_data_parallel = true;
           }},
      {.name = "untied embeddings",
       .tensor = 4,
       .pipeline = 2,
       .data = 6,
       .change = [](Run& run) { run.model.tie_word_embeddings = false; }},
      {.name = "scattered pipeline messages",
       .tensor = 4,
       .pipeline = 2,
       .data = 8,
       .change = [](Run& run) { run.software.scatter_gather_pipeline = true; }},
      {.name = "sequence parallel, recomputation",
       .tensor = 4,
       .pipeline = 2,
       .data = 8,
       .change =
           [](Run& run) {
             run.parallelism.sequence_parallel = true;
             run.recompute = Recompute::full;
           }},
      {.name = "context parallel",
       .tensor = 2,
       .pipeline = 2,
       .data = 8,
       .change = [](Run& run) { run.parallelism.context = 2; }},
      {.name = "all forward, then all backward",
       .tensor = 4,
       .pipeline = 4,
       .data = 3,
       .change = [](Run& run) { run.schedule = "gpipe"; }},
  };
}

}  // namespace traingrid

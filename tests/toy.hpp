// A toy accelerator, cluster, model and run with round numbers, for closed forms that can be worked out by hand.
#pragma once

#include "cluster/cluster.hpp"
#include "workload/layout.hpp"
#include "workload/run.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace traingrid {

/// 100 TFLOP/s in fp16 and 1 TB/s, both reached by every kernel at once; a level of power for each state.
inline Accelerator toy_accelerator() {
  return {.name = "Toy",
          .peak = {{"fp16", 100 * teraflop / second}},
          .memory = {.capacity = 1000 * gib, .bandwidth = 1e12 * byte / second},
          .multiprocessors = 1,
          .efficiency = {.gemm = 1, .gemm_depth = 0, .wave_weight = 0, .memory = 1, .tiles = {{1, 1}}},
          .power = {.idle = 50 * watt,
                    .stalled = 100 * watt,
                    .communicating = 200 * watt,
                    .memory_bound = 300 * watt,
                    .compute_bound = 400 * watt}};
}

struct ToyCluster {
  int nodes = 2, accelerators = 4, nics = 4;  ///< accelerators and NICs per node
  int nodes_per_leaf = 1;
  double oversubscription = 1;
  std::string topology = "rail-optimised";
  Seconds latency{};  ///< of a step, inside a node and between nodes
};

/// 100 GB/s per accelerator inside a node, 10 GB/s per NIC, all of it payload. A host draws 500 W, a switch 100 W.
inline Cluster toy_cluster(const ToyCluster& toy = {}) {
  return {.name = "Toy cluster",
          .accelerator = toy_accelerator(),
          .nodes = toy.nodes,
          .node = {.accelerators = toy.accelerators,
                   .nics = toy.nics,
                   .scale_up = {"Toy scale-up", 1e11 * byte / second, 1, toy.latency},
                   .power = {.cpu = 500 * watt}},
          .network = {.topology = toy.topology,
                      .link = {"Toy NIC", 1e10 * byte / second, 1, toy.latency},
                      .clos = {.nodes_per_leaf = toy.nodes_per_leaf, .oversubscription = toy.oversubscription},
                      .equipment = {.ports = 64, .power = 100 * watt}},
          .life = year};
}

struct ToyModel {
  std::int64_t layers = 4, hidden = 512, heads = 8, vocabulary = 1024, sequence = 256;
};

/// A GPT: MLP four times as wide, learned positions, tied embeddings, dropout and biases.
inline Model toy_model(const ToyModel& toy = {}) {
  return {.name = "Toy GPT",
          .hidden_size = toy.hidden,
          .num_hidden_layers = toy.layers,
          .num_attention_heads = toy.heads,
          .num_key_value_heads = toy.heads,
          .intermediate_size = 4 * toy.hidden,
          .vocab_size = toy.vocabulary,
          .max_position_embeddings = toy.sequence,
          .learned_positions = true};
}

/// Nothing overlapped, sharded or scattered.
inline Software toy_software() {
  return {.name = "Toy software",
          .fused_softmax = true,
          .gradient_bytes = 2,
          .optimizer_state_bytes = 12,
          .optimizer_traffic_bytes = 30};
}

struct ToyRun {
  Parallelism parallelism{};
  int micro_batch = 1;
  std::int64_t batch = 8;
  std::string schedule = "1f1b";
  Recompute recompute = Recompute::none;
  ToyModel model{};
};

/// A hundred steps of fp16.
inline Run toy_run(const ToyRun& toy = {}) {
  return {.name = "Toy run",
          .cluster = "toy",
          .site = "toy",
          .model = toy_model(toy.model),
          .software = toy_software(),
          .sequence_length = toy.model.sequence,
          .tokens = 100.0 * static_cast<double>(toy.batch * toy.model.sequence),
          .batch = toy.batch,
          .micro_batch = toy.micro_batch,
          .parallelism = toy.parallelism,
          .schedule = toy.schedule,
          .recompute = toy.recompute,
          .organisation = "Toys"};
}

/// The layout of a run that must have one.
inline Layout toy_layout(const Run& run, const Cluster& cluster) {
  LayoutOutcome outcome = resolve_layout(run, cluster);
  if (!outcome.layout) throw std::logic_error(outcome.reason);
  return *std::move(outcome.layout);
}

}  // namespace traingrid

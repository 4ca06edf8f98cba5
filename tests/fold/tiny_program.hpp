// Programs written down operation by operation, for dates that can be worked out by hand.
#pragma once

#include "engine/evaluate.hpp"
#include "fold/plain_tuning.hpp"
#include "toy.hpp"
#include "workload/program.hpp"

#include <cmath>
#include <vector>

namespace traingrid {

/// Every rank has a role of its own, and runs on the accelerator of its number.
class TinyProgram {
 public:
  TinyProgram(int ranks, const std::vector<std::vector<std::vector<std::int32_t>>>& communicators) {
    program_.tags = 100;
    for (int rank = 0; rank < ranks; ++rank) {
      program_.blocks.push_back({"block", {}});
      program_.roles.push_back({"role", {{rank, 0}}});
      program_.role_of_rank.push_back(rank);
    }
    for (const auto& groups : communicators) {
      program_.communicators.push_back({"ring", Term::data, {}, {}});
      for (const auto& group : groups) program_.communicators.back().add_group(group);
    }
  }

  /// A matrix multiplication that takes the toy accelerator so long; a multiple of 20 ms.
  void compute(int rank, Seconds duration) {
    const auto batch = static_cast<std::int64_t>(std::lround(duration / (0.02 * second)));
    add(rank, {.work = program_.work({gemm("kernel", batch, 10'000, 10'000, 10'000, Precision::fp16)})});
  }
  void collective(int rank, int communicator, Bytes bytes, Collective kind = Collective::all_reduce) {
    add(rank, {.kind = Operation::Kind::collective, .communicator = communicator, .collective = kind, .bytes = bytes});
  }
  void start_collective(int rank, int communicator, Bytes bytes) {
    collective(rank, communicator, bytes);
    program_.blocks[static_cast<std::size_t>(rank)].operations.back().asynchronous = true;
  }
  void wait(int rank, int communicator) { add(rank, {.kind = Operation::Kind::wait, .communicator = communicator}); }
  void send(int rank, int communicator, int direction, Bytes bytes, int tag = 0) {
    add(rank, {.kind = Operation::Kind::send,
               .communicator = communicator,
               .bytes = bytes,
               .direction = direction,
               .tag = tag});
  }
  void receive(int rank, int communicator, int direction, int tag = 0) {
    add(rank, {.kind = Operation::Kind::receive, .communicator = communicator, .direction = direction, .tag = tag});
  }

  const Program& program() const { return program_; }
  Evaluation run(const Cluster& cluster, const Overrides& overrides = {}, Folding folding = Folding::none) const {
    std::vector<Device> devices(program_.role_of_rank.begin(), program_.role_of_rank.end());
    const auto fabric = build_fabric(cluster);
    return evaluate({cluster, *fabric, plain_tuning(cluster)}, overrides, {&program_, devices}, folding);
  }

 private:
  void add(int rank, const Operation& op) { program_.blocks[static_cast<std::size_t>(rank)].operations.push_back(op); }

  Program program_;
};

/// Nodes of one accelerator, two per leaf: 10 GB/s per NIC, and per leaf uplink 20 GB/s over the oversubscription.
inline Cluster tiny_cluster(int nodes, double oversubscription = 1) {
  return toy_cluster({.nodes = nodes,
                      .accelerators = 1,
                      .nics = 1,
                      .nodes_per_leaf = 2,
                      .oversubscription = oversubscription,
                      .topology = "leaf-spine"});
}

/// When the operations of a rank end, in seconds.
inline std::vector<double> ends_of(const Evaluation& evaluation, std::size_t rank) {
  std::vector<double> ends;
  const auto rank_class = static_cast<std::size_t>(evaluation.quotient.class_of_rank[rank]);
  for (const Event& event : evaluation.dag.events[rank_class]) {
    ends.push_back(evaluation.trace.end_of(event) / second);
  }
  return ends;
}

inline constexpr Bytes gigabyte{1e9};

}  // namespace traingrid

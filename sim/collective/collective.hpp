// Collective operations as steady flows between members plus a latency per step; the engine finds the flows' rates.
#pragma once

#include "units/quantity.hpp"
#include "workload/program.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace traingrid {

/// A flow between two members of a group; it carries `share` of the collective's volume per member.
struct Flow {
  std::int32_t from = 0, to = 0;  ///< positions in the group
  double share = 1;
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// How a collective is carried out. Each algorithm is a file of its own and a line of the table in collective.cpp.
struct Algorithm {
  std::string_view name;     ///< what users write
  std::string_view summary;  ///< for help and reference
  /// Who sends to whom, given the node of each member: the same for every kind and size.
  std::vector<Flow> (*flows)(std::span<const int> node_of_member);
  /// Bytes a share of 1 carries, for a message of one byte as nccl-tests counts it.
  double (*volume)(Collective kind, int members);
  /// Steps one after the other, each as long as the (share-weighted) mean latency of the flows.
  double (*steps)(Collective kind, int members);
};
const Algorithm* find_algorithm(std::string_view name);

std::vector<Flow> ring_flows(std::span<const int> node_of_member);
double ring_volume(Collective kind, int members);
double ring_steps(Collective kind, int members);

}  // namespace traingrid

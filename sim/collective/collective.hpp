// Collective operations as steady flows between members plus latencies; the engine finds the flows' rates.
#pragma once

#include "units/quantity.hpp"
#include "workload/program.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace traingrid {

/// Ends of a flow that lie in the network, where a switch reduces or multiplies what members send: in the switch inside
/// the node (NVLS), or in that between nodes (SHARP).
inline constexpr std::int32_t kScaleUpSwitch = -1, kNetworkSwitch = -2;

/// A flow between two members of a group; it carries `share` of the phase's volume.
struct Flow {
  std::int32_t from = 0, to = 0;  ///< positions in the group, or a switch
  double share = 1;
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// What an algorithm and the tuner may know of a group.
struct GroupShape {
  int members = 0;
  int nodes = 0;           ///< that they are on
  int least_per_node = 0;  ///< members on the node with fewest
  friend auto operator<=>(const GroupShape&, const GroupShape&) = default;
};
GroupShape shape_of(std::span<const int> node_of_member);

/// Who sends to whom, given the node of each member: the same for every kind and size.
using Flows = std::vector<Flow> (*)(std::span<const int> node_of_member);

/// Flows that go on at the same time; the next phase begins when all of them are done.
struct Phase {
  Flows flows = nullptr;
  double volume = 0;  ///< bytes that a share of 1 carries, for a message of one byte as nccl-tests counts it
  double scale_up_steps = 0, network_steps = 0;  ///< one after the other, each as long as its link's latency
};

/// How a collective is carried out. Each algorithm is a file of its own and a line of the table in collective.cpp.
struct Algorithm {
  std::string_view name;     ///< what users write
  std::string_view summary;  ///< for help and reference
  bool (*applies)(Collective kind, const GroupShape& shape);
  std::vector<Phase> (*phases)(Collective kind, const GroupShape& shape);
};
const Algorithm* find_algorithm(std::string_view name);

bool ring_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> ring_phases(Collective kind, const GroupShape& shape);

}  // namespace traingrid

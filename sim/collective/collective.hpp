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
/// Ends in a member's host: what is copied there or from there, and what its processors read and write.
inline constexpr std::int32_t kHost = -3, kHostMemory = -4;

/// A flow between two members of a group; it carries `share` of the phase's volume.
struct Flow {
  std::int32_t from = 0, to = 0;  ///< positions in the group, or a switch, or a host
  double share = 1;
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// What an algorithm and the tuner may know of a group.
struct GroupShape {
  int members = 0;
  int nodes = 0;           ///< that they are on
  int least_per_node = 0;  ///< members on the node with fewest
  friend auto operator<=>(const GroupShape&, const GroupShape&) = default;

  /// Whether every node has as many members as any other.
  constexpr bool even() const { return members == nodes * least_per_node; }
};
GroupShape shape_of(std::span<const int> node_of_member);

/// Who sends to whom, given the node of each member: the same for every kind and size.
using Flows = std::vector<Flow> (*)(std::span<const int> node_of_member);

/// Flows that go on at the same time; the next phase begins when all of them are done.
struct Phase {
  Flows flows = nullptr;
  double volume = 0;  ///< bytes that a share of 1 carries, for a message of one byte as nccl-tests counts it
  double scale_up_steps = 0, network_steps = 0;  ///< one after the other, each as long as its link's latency
  /// Largest sum of shares that a member sends, or receives, inside its node and between nodes.
  double scale_up_share = 0, network_share = 0;
};

/// Where an algorithm reduces: the accelerators do, or a switch.
enum class Reduction { members, scale_up_switch, network_switch };

/// How a collective is carried out. Each algorithm is a file of its own and a line of the table in collective.cpp.
struct Algorithm {
  std::string_view name;     ///< what users write
  std::string_view summary;  ///< for help and reference
  bool (*applies)(Collective kind, const GroupShape& shape);
  std::vector<Phase> (*phases)(Collective kind, const GroupShape& shape);
  Reduction reduction = Reduction::members;
};
std::span<const Algorithm> algorithms();
const Algorithm* find_algorithm(std::string_view name);
/// "ring, tree, …"
std::string_view algorithm_names();

/// Bus bandwidth over size / time, as nccl-tests defines it.
double bus_factor(Collective kind, int members);

bool ring_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> ring_phases(Collective kind, const GroupShape& shape);
bool tree_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> tree_phases(Collective kind, const GroupShape& shape);
bool hierarchical_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> hierarchical_phases(Collective kind, const GroupShape& shape);
bool halving_doubling_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> halving_doubling_phases(Collective kind, const GroupShape& shape);
bool direct_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> direct_phases(Collective kind, const GroupShape& shape);
bool pairwise_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> pairwise_phases(Collective kind, const GroupShape& shape);
bool pxn_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> pxn_phases(Collective kind, const GroupShape& shape);
bool nvls_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> nvls_phases(Collective kind, const GroupShape& shape);
bool nvls_tree_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> nvls_tree_phases(Collective kind, const GroupShape& shape);
bool sharp_applies(Collective kind, const GroupShape& shape);
std::vector<Phase> sharp_phases(Collective kind, const GroupShape& shape);

}  // namespace traingrid

// Which rank runs on which accelerator: policies of a scheduler, as pure functions.
#pragma once

#include "cluster/cluster.hpp"
#include "cluster/overrides.hpp"
#include "input/fields.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct Layout;

enum class PlacementPolicy { contiguous, rail_aware, random_nodes, random, listed };
template <>
struct Spellings<PlacementPolicy> {
  static constexpr std::array<std::string_view, 5> names{"contiguous", "rail-aware", "random-nodes", "random",
                                                         "explicit"};
};

/// - contiguous: ranks fill one node after the other;
/// - rail-aware: the tensor and context ranks of a replica share a node, and the same positions of all nodes are filled
///   before the next ones, so that replicas next to each other meet on one rail;
/// - random-nodes: contiguous over the nodes in random order; random: any rank on any accelerator;
/// - explicit: `accelerators` says where each rank runs.
struct Placement {
  PlacementPolicy policy = PlacementPolicy::contiguous;
  std::optional<int> accelerators_per_node;  ///< the first so many of each node work, the others are spares
  std::int64_t seed = 0;                     ///< of the random policies
  std::vector<int> accelerators;             ///< explicit: by rank, numbered node by node

  void describe(Fields& fields);
  friend bool operator==(const Placement&, const Placement&) = default;
};

/// Accelerators that this placement may use.
int usable_accelerators(const Placement& placement, const Cluster& cluster);

/// Why the ranks cannot be placed, or nothing.
std::string placement_obstacle(const Placement& placement, const Layout& layout, const Cluster& cluster);

/// The accelerator of each rank of a layout without obstacle. Equal arguments, equal placement, on every machine.
std::vector<Device> place(const Placement& placement, const Layout& layout, const Cluster& cluster);

}  // namespace traingrid

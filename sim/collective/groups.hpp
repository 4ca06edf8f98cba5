// Members of a group by node, and the patterns of flows that several algorithms share.
#pragma once

#include "collective/collective.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace traingrid {

using Members = std::vector<std::int32_t>;  ///< positions in the group

/// Members by node, in order of first appearance.
std::vector<Members> by_node(std::span<const int> node_of_member);

/// A ring through the members of each node, share 1.
std::vector<Flow> rings_inside_nodes(std::span<const int> node_of_member);

/// Which way data goes along a tree: to the root, from it, or both at once.
struct Directions {
  bool up = true, down = true;
};

/// Two binary trees over nodes 0 … n − 1, each node a leaf of one of them at least; each tree carries half. Sanders,
/// Speck and Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan", Parallel Computing 2009.
/// Every rail (member i of each node) has its own pair and carries an equal part of the volume.
void add_double_tree(const std::vector<Members>& nodes, std::size_t rails, Directions directions,
                     std::vector<Flow>& flows);
/// Steps from the deepest leaf of those trees to the root.
int tree_depth(int nodes);
/// Largest sum of shares that a member of such trees sends or receives, for a group of that shape.
double tree_share(const GroupShape& shape, Directions directions);

/// What every member sends into the switch of its node, and receives from it.
void add_switch_flows(std::size_t members, std::int32_t where, double out, double in, std::vector<Flow>& flows);

}  // namespace traingrid

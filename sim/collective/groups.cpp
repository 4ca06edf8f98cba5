#include "collective/groups.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace traingrid {
namespace {

constexpr int kNone = -1;

/// The parent of a node in the first tree: its lowest set bit moves up by one; node 0 is the root.
int parent_of(int node, int nodes) {
  if (node == 0) return kNone;
  const int bit = node & -node;
  const int up = (node ^ bit) | (bit << 1);
  return up < nodes ? up : node ^ bit;
}

/// The second tree is the first one mirrored, or shifted by one if the number of nodes is odd, so that leaves and inner
/// nodes change places.
int in_second_tree(int node, int nodes) { return nodes % 2 == 0 ? nodes - 1 - node : (node + 1) % nodes; }

}  // namespace

std::vector<Members> by_node(std::span<const int> node_of_member) {
  std::map<int, std::size_t> index;
  std::vector<Members> nodes;
  for (std::size_t i = 0; i < node_of_member.size(); ++i) {
    const auto [entry, added] = index.try_emplace(node_of_member[i], nodes.size());
    if (added) nodes.emplace_back();
    nodes[entry->second].push_back(static_cast<std::int32_t>(i));
  }
  return nodes;
}

std::vector<Flow> rings_inside_nodes(std::span<const int> node_of_member) {
  std::vector<Flow> flows;
  for (const Members& members : by_node(node_of_member)) {
    for (std::size_t i = 0; i < members.size() && members.size() > 1; ++i)
      flows.push_back({members[i], members[(i + 1) % members.size()], 1});
  }
  return flows;
}

void add_double_tree(const std::vector<Members>& nodes, std::size_t rails, Directions directions,
                     std::vector<Flow>& flows) {
  const auto count = static_cast<int>(nodes.size());
  const double share = 0.5 / static_cast<double>(rails);
  for (std::size_t rail = 0; rail < rails; ++rail) {
    const auto member = [&](int node) { return nodes[static_cast<std::size_t>(node)][rail]; };
    for (int node = 1; node < count; ++node) {
      const int parent = parent_of(node, count);
      for (const auto& [child, top] :
           {std::pair{node, parent}, std::pair{in_second_tree(node, count), in_second_tree(parent, count)}}) {
        if (directions.up) flows.push_back({member(child), member(top), share});
        if (directions.down) flows.push_back({member(top), member(child), share});
      }
    }
  }
}

int tree_depth(int nodes) { return std::bit_width(static_cast<unsigned>(nodes)) - 1; }

double tree_share(const GroupShape& shape, Directions directions) {
  const int edges = directions.up && directions.down ? std::min(shape.nodes, 4) : std::min(shape.nodes - 1, 2);
  return shape.nodes > 1 ? 0.5 * edges / shape.least_per_node : 0;
}

void add_switch_flows(std::size_t members, std::int32_t where, double out, double in, std::vector<Flow>& flows) {
  for (std::size_t i = 0; i < members; ++i) {
    const auto member = static_cast<std::int32_t>(i);
    flows.push_back({member, where, out});
    flows.push_back({where, member, in});
  }
}

}  // namespace traingrid

// Hierarchical collectives: each node reduces and scatters inside, rings of equal positions (rails) carry what is left
// between nodes, each node gathers inside. Cho et al., "BlueConnect", MLSys 2019.
#include "collective/groups.hpp"

namespace traingrid {
namespace {

/// One ring per rail through all nodes, share 1.
std::vector<Flow> rail_rings(std::span<const int> node_of_member) {
  const auto nodes = by_node(node_of_member);
  std::vector<Flow> flows;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    const Members& next = nodes[(node + 1) % nodes.size()];
    for (std::size_t rail = 0; rail < nodes[node].size(); ++rail) flows.push_back({nodes[node][rail], next[rail], 1});
  }
  return flows;
}

}  // namespace

bool hierarchical_applies(Collective kind, const GroupShape& shape) {
  const bool splits = kind != Collective::all_to_all && kind != Collective::broadcast;
  return splits && shape.even() && shape.nodes > 1 && shape.least_per_node > 1;
}

std::vector<Phase> hierarchical_phases(Collective kind, const GroupShape& shape) {
  const double q = shape.least_per_node, nodes = shape.nodes;
  const Phase inside{rings_inside_nodes, (q - 1) / q, q - 1, 0, 1, 0};
  const double ways = kind == Collective::all_reduce ? 2 : 1;
  const Phase between{rail_rings, ways * (nodes - 1) / nodes / q, 0, ways * (nodes - 1), 0, 1};
  if (kind == Collective::reduce_scatter) return {inside, between};
  if (kind == Collective::all_gather) return {between, inside};
  return {inside, between, inside};
}

}  // namespace traingrid

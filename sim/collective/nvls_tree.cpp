// All-reduce in the switch of each node, with a double binary tree per rail between nodes (NCCL 2.18, NVLSTree).
#include "collective/groups.hpp"

namespace traingrid {
namespace {

std::vector<Flow> nvls_tree_flows(std::span<const int> node_of_member) {
  const auto nodes = by_node(node_of_member);
  const std::size_t rails = nodes.front().size();
  const double inside = 1 + 1.0 / static_cast<double>(rails);
  std::vector<Flow> flows;
  add_switch_flows(node_of_member.size(), kScaleUpSwitch, inside, inside, flows);
  add_double_tree(nodes, rails, {}, flows);
  return flows;
}

}  // namespace

bool nvls_tree_applies(Collective kind, const GroupShape& shape) {
  return kind == Collective::all_reduce && shape.even() && shape.nodes > 1 && shape.least_per_node > 1;
}

std::vector<Phase> nvls_tree_phases(Collective, const GroupShape& shape) {
  return {
      {nvls_tree_flows, 1, 1, 2.0 * tree_depth(shape.nodes), 1 + 1.0 / shape.least_per_node, tree_share(shape, {})}};
}

}  // namespace traingrid

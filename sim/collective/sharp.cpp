// All-reduce in the switches between nodes: each member hands its part of the node's sum to the network and gets the
// total back. Graham et al., "Scalable Hierarchical Aggregation Protocol (SHARP)", COMHPC 2016; inside nodes a direct
// reduce-scatter and all-gather, as NCCL's CollNetDirect.
#include "collective/groups.hpp"

namespace traingrid {
namespace {

double inside_share(double per_node) { return 2 * (per_node - 1) / per_node; }

std::vector<Flow> sharp_flows(std::span<const int> node_of_member) {
  const auto per_node = static_cast<double>(by_node(node_of_member).front().size());
  const double inside = inside_share(per_node);
  std::vector<Flow> flows;
  if (per_node > 1) add_switch_flows(node_of_member.size(), kScaleUpSwitch, inside, inside, flows);
  add_switch_flows(node_of_member.size(), kNetworkSwitch, 1 / per_node, 1 / per_node, flows);
  return flows;
}

}  // namespace

bool sharp_applies(Collective kind, const GroupShape& shape) {
  return kind == Collective::all_reduce && shape.even() && shape.nodes > 1;
}

std::vector<Phase> sharp_phases(Collective, const GroupShape& shape) {
  const double q = shape.least_per_node;
  return {{sharp_flows, 1, q > 1 ? 2.0 : 0, 1, inside_share(q), 1 / q}};
}

}  // namespace traingrid

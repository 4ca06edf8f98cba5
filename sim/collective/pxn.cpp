// All-to-all by rail: what member i has for another node goes, inside its own node, to the member on the rail of the
// receiver, and from there in one message per rail and pair of nodes. NCCL 2.12, "Doubling all2all Performance" (PXN).
#include "collective/groups.hpp"

namespace traingrid {
namespace {

constexpr double kMostFlows = 1 << 20;

double inside_share(double members, double per_node) {
  const double away = (members - per_node) / members;
  return (per_node - 1) / members + away * (per_node - 1) / per_node;
}

std::vector<Flow> pxn_flows(std::span<const int> node_of_member) {
  const auto nodes = by_node(node_of_member);
  const auto n = static_cast<double>(node_of_member.size());
  const auto q = static_cast<double>(nodes.front().size());
  std::vector<Flow> flows;
  if (q > 1) {
    const double inside = inside_share(n, q);
    add_switch_flows(node_of_member.size(), kScaleUpSwitch, inside, inside, flows);
  }
  for (const Members& from : nodes) {
    for (const Members& to : nodes) {
      if (&from == &to) continue;
      for (std::size_t rail = 0; rail < from.size(); ++rail) flows.push_back({from[rail], to[rail], q / n});
    }
  }
  return flows;
}

}  // namespace

bool pxn_applies(Collective kind, const GroupShape& shape) {
  const double flows = static_cast<double>(shape.nodes) * (shape.nodes - 1) * shape.least_per_node;
  return kind == Collective::all_to_all && shape.even() && flows <= kMostFlows;
}

std::vector<Phase> pxn_phases(Collective, const GroupShape& shape) {
  const double n = shape.members, q = shape.least_per_node;
  return {{pxn_flows, 1, q > 1 ? 1.0 : 0, shape.nodes > 1 ? 1.0 : 0, inside_share(n, q), (n - q) / n}};
}

}  // namespace traingrid

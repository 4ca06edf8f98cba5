// In-switch reduction and multicast inside a node: every member reads the reduced n-th part of all and writes it to
// all. NVIDIA, "NVLink SHARP" (NCCL 2.17). The switch reads the whole message from each member and writes all of it
// back.
#include "collective/groups.hpp"

namespace traingrid {
namespace {

std::vector<Flow> reduce_and_multicast(std::span<const int> node_of_member) {
  std::vector<Flow> flows;
  add_switch_flows(node_of_member.size(), kScaleUpSwitch, 1, 1, flows);
  return flows;
}

std::vector<Flow> reduce(std::span<const int> node_of_member) {
  std::vector<Flow> flows;
  add_switch_flows(node_of_member.size(), kScaleUpSwitch, 1, 1.0 / static_cast<double>(node_of_member.size()), flows);
  return flows;
}

std::vector<Flow> multicast(std::span<const int> node_of_member) {
  std::vector<Flow> flows;
  add_switch_flows(node_of_member.size(), kScaleUpSwitch, 1.0 / static_cast<double>(node_of_member.size()), 1, flows);
  return flows;
}

}  // namespace

bool nvls_applies(Collective kind, const GroupShape& shape) {
  const bool known = kind != Collective::all_to_all && kind != Collective::broadcast;
  return known && shape.nodes == 1 && shape.members > 2;
}

std::vector<Phase> nvls_phases(Collective kind, const GroupShape& shape) {
  if (kind == Collective::reduce_scatter) return {{reduce, 1, 1, 0, 1, 0}};
  if (kind == Collective::all_gather) return {{multicast, 1, 1, 0, 1, 0}};
  return {{reduce_and_multicast, 1 + 1.0 / shape.members, 1, 0, 1, 0}};
}

}  // namespace traingrid

// Ring collectives, bandwidth-optimal: every member passes 1/n of the message on, n − 1 times (twice for an
// all-reduce). Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms", JPDC 2009. One ring (channel) per member
// of a node, as NCCL builds them, so that each member's NIC carries one ring between nodes.
#include "collective/groups.hpp"

#include <algorithm>
#include <map>

namespace traingrid {
namespace {

std::vector<Flow> ring_flows(std::span<const int> node_of_member) {
  const auto nodes = by_node(node_of_member);
  std::size_t channels = nodes.size() == 1 ? 1 : nodes.front().size();  // inside a node all follow the same ring
  for (const auto& members : nodes) channels = std::min(channels, members.size());
  std::map<std::pair<std::int32_t, std::int32_t>, double> shares;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    std::vector<std::int32_t> ring;
    for (const auto& members : nodes) {
      for (std::size_t i = 0; i < members.size(); ++i) ring.push_back(members[(channel + i) % members.size()]);
    }
    for (std::size_t i = 0; i < ring.size(); ++i) {
      shares[{ring[i], ring[(i + 1) % ring.size()]}] += 1.0 / static_cast<double>(channels);
    }
  }
  std::vector<Flow> flows;
  for (const auto& [ends, share] : shares) flows.push_back({ends.first, ends.second, share});
  return flows;
}

}  // namespace

bool ring_applies(Collective kind, const GroupShape&) { return kind != Collective::all_to_all; }

std::vector<Phase> ring_phases(Collective kind, const GroupShape& shape) {
  const double n = shape.members;
  const double steps = (kind == Collective::all_reduce ? 2 : 1) * (n - 1);
  const double network = shape.nodes > 1 ? shape.nodes / n : 0;  // of the ring's hops
  const double volume = kind == Collective::broadcast ? 1 : steps / n;
  const double away = shape.nodes > 1 ? 1.0 / shape.least_per_node : 0;
  return {{ring_flows, volume, steps * (1 - network), steps * network, n > shape.nodes ? 1.0 : 0, away}};
}

}  // namespace traingrid

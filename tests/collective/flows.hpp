// What flows add up to: per member, inside nodes and between them.
#pragma once

#include "collective/collective.hpp"

#include <algorithm>
#include <vector>

namespace traingrid {

using Nodes = std::vector<int>;

/// `members` on each of `nodes`, node by node.
inline Nodes spread(int nodes, int members) {
  Nodes list;
  for (int node = 0; node < nodes; ++node) list.insert(list.end(), static_cast<std::size_t>(members), node);
  return list;
}

/// Shares that each member sends and receives, inside its node and between nodes.
struct Loads {
  std::vector<double> sent_inside, received_inside, sent_away, received_away;

  double most_inside() const { return std::max(std::ranges::max(sent_inside), std::ranges::max(received_inside)); }
  double most_away() const { return std::max(std::ranges::max(sent_away), std::ranges::max(received_away)); }
};

inline Loads loads(const std::vector<Flow>& flows, const Nodes& nodes) {
  const std::vector<double> none(nodes.size(), 0);
  Loads sum{none, none, none, none};
  for (const Flow& flow : flows) {
    const auto from = static_cast<std::size_t>(flow.from), to = static_cast<std::size_t>(flow.to);
    const bool at_switch = flow.from < 0 || flow.to < 0;
    const bool away = at_switch ? std::min(flow.from, flow.to) == kNetworkSwitch : nodes[from] != nodes[to];
    if (flow.from >= 0) (away ? sum.sent_away : sum.sent_inside)[from] += flow.share;
    if (flow.to >= 0) (away ? sum.received_away : sum.received_inside)[to] += flow.share;
  }
  return sum;
}

}  // namespace traingrid

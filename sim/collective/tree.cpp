// Double binary tree between nodes, a chain inside each: reduced on the way up, sent back down, both pipelined at once.
// Sanders, Speck and Träff 2009 (the trees); NCCL 2.4, "Massively Scale Your Deep Learning Training" (the chains).
#include "collective/groups.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// Members of the smallest node: each of them is the head of its node for an equal part of the message.
std::size_t heads_of(const std::vector<Members>& nodes) { return std::ranges::min(nodes, {}, &Members::size).size(); }

/// One chain per head, from the head through all members of the node.
void add_chains(const std::vector<Members>& nodes, Directions directions, std::vector<Flow>& flows) {
  const std::size_t heads = heads_of(nodes);
  const double share = 1.0 / static_cast<double>(heads);
  for (const Members& members : nodes) {
    for (std::size_t i = 0; i < members.size() && members.size() > 1; ++i) {
      const std::size_t next = (i + 1) % members.size();
      const auto chains = static_cast<double>(heads - (next < heads ? 1 : 0));  // all but that which begins at `next`
      if (directions.up) flows.push_back({members[next], members[i], share * chains});
      if (directions.down) flows.push_back({members[i], members[next], share * chains});
    }
  }
}

std::vector<Flow> tree_flows(std::span<const int> node_of_member, Directions directions) {
  const auto nodes = by_node(node_of_member);
  std::vector<Flow> flows;
  add_chains(nodes, directions, flows);
  add_double_tree(nodes, heads_of(nodes), directions, flows);
  std::erase_if(flows, [](const Flow& flow) { return flow.share == 0; });
  return flows;
}

constexpr Directions kBoth{true, true}, kDown{false, true};

std::vector<Flow> both_ways(std::span<const int> node_of_member) { return tree_flows(node_of_member, kBoth); }
std::vector<Flow> downwards(std::span<const int> node_of_member) { return tree_flows(node_of_member, kDown); }

}  // namespace

bool tree_applies(Collective kind, const GroupShape&) {
  return kind == Collective::all_reduce || kind == Collective::broadcast;
}

std::vector<Phase> tree_phases(Collective kind, const GroupShape& shape) {
  const bool reduce = kind == Collective::all_reduce;
  const double ways = reduce ? 2 : 1;
  const double chain =
      shape.even() ? shape.least_per_node : shape.members - shape.nodes + 1;  // the longest there can be
  const double chain_share = chain > 1 ? (chain - 1) / shape.least_per_node : 0;
  return {{reduce ? both_ways : downwards, 1, ways * (chain - 1), ways * tree_depth(shape.nodes),
           ways * std::min(chain_share, 1.0), tree_share(shape, reduce ? kBoth : kDown)}};
}

}  // namespace traingrid

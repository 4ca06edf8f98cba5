#include "collective/collective.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace traingrid {
namespace {

constexpr std::array kAlgorithms{
    Algorithm{"ring", "bandwidth-optimal; latency grows with the members", ring_applies, ring_phases},
    Algorithm{"tree", "two binary trees over nodes, chains inside them; latency grows with the logarithm", tree_applies,
              tree_phases},
    Algorithm{"hierarchical", "inside nodes, then a ring per rail between them, then inside nodes",
              hierarchical_applies, hierarchical_phases},
    Algorithm{"halving-doubling", "pairs at doubling distance, each time half the data", halving_doubling_applies,
              halving_doubling_phases},
    Algorithm{"direct", "everyone with everyone at once", direct_applies, direct_phases},
    Algorithm{"pairwise", "everyone with everyone, in rounds of pairs", pairwise_applies, pairwise_phases},
    Algorithm{"pxn", "all-to-all by rail: forwarded inside the node, one message per rail and pair of nodes",
              pxn_applies, pxn_phases},
    Algorithm{"nvls", "the switch inside the node reduces and multiplies", nvls_applies, nvls_phases,
              Reduction::scale_up_switch},
    Algorithm{"nvls-tree", "the switch inside the node reduces, two binary trees between nodes", nvls_tree_applies,
              nvls_tree_phases, Reduction::scale_up_switch},
    Algorithm{"sharp", "the switches between nodes reduce and multiply", sharp_applies, sharp_phases,
              Reduction::network_switch},
};

}  // namespace

GroupShape shape_of(std::span<const int> node_of_member) {
  std::map<int, int> members;
  for (const int node : node_of_member) ++members[node];
  GroupShape shape{static_cast<int>(node_of_member.size()), static_cast<int>(members.size()),
                   static_cast<int>(node_of_member.size())};
  for (const auto& [_, count] : members) shape.least_per_node = std::min(shape.least_per_node, count);
  return shape;
}

std::span<const Algorithm> algorithms() { return kAlgorithms; }

const Algorithm* find_algorithm(std::string_view name) {
  const auto found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : &*found;
}

std::string_view algorithm_names() {
  static const std::string names = [] {
    std::string list;
    for (const Algorithm& algorithm : kAlgorithms) (list += list.empty() ? "" : ", ") += algorithm.name;
    return list;
  }();
  return names;
}

double bus_factor(Collective kind, int members) {
  const double n = members;
  switch (kind) {
    case Collective::all_reduce:
      return 2 * (n - 1) / n;
    case Collective::broadcast:
      return 1;
    default:
      return (n - 1) / n;
  }
}

}  // namespace traingrid

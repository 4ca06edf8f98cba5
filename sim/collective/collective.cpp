#include "collective/collective.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace traingrid {
namespace {

constexpr std::array kAlgorithms{
    Algorithm{"ring", "bandwidth-optimal; latency grows with the members", ring_applies, ring_phases},
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

const Algorithm* find_algorithm(std::string_view name) {
  const auto found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : &*found;
}

}  // namespace traingrid

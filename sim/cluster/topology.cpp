#include "cluster/topology.hpp"

#include "cluster/topologies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace traingrid {
namespace {

constexpr std::array kTopologies{
    Topology{"rail-optimised",
             "Clos with one leaf per rail: NIC i of every node of a group meets at one switch",
             {clos_keys, rail_keys},
             rail_optimised_obstacle,
             rail_optimised_switches,
             build_rail_optimised},
    Topology{"leaf-spine",
             "Clos with all NICs of a node at the same leaf",
             {clos_keys},
             leaf_spine_obstacle,
             leaf_spine_switches,
             build_leaf_spine},
};

}  // namespace

const Topology* find_topology(std::string_view name) {
  const auto found = std::ranges::find(kTopologies, name, &Topology::name);
  return found == kTopologies.end() ? nullptr : &*found;
}

std::string topology_names() {
  std::string names;
  for (const Topology& topology : kTopologies) {
    if (!names.empty()) names += ", ";
    names += topology.name;
  }
  return names;
}

void describe_shape(Network& network, Fields& fields) {
  const Topology* chosen = find_topology(network.topology);
  std::vector<ShapeKeys> seen;
  for (const Topology& topology : kTopologies) {
    if (chosen != nullptr && chosen != &topology) continue;
    for (const ShapeKeys keys : topology.keys) {
      if (keys == nullptr || std::ranges::find(seen, keys) != seen.end()) continue;
      keys(network, fields, chosen != nullptr ? Keys::needed : Keys::listed);
      seen.push_back(keys);
    }
  }
}

}  // namespace traingrid

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
    Topology{"rail-only",
             "a Clos for each rail and nothing between rails, which nodes hand over inside",
             {clos_keys},
             rail_only_obstacle,
             rail_only_switches,
             build_rail_only},
    Topology{"leaf-spine",
             "Clos with all NICs of a node at the same leaf",
             {clos_keys},
             leaf_spine_obstacle,
             leaf_spine_switches,
             build_leaf_spine},
    Topology{"fat-tree",
             "three tiers of k-port switches without oversubscription, k from switch.ports",
             {},
             fat_tree_obstacle,
             fat_tree_switches,
             build_fat_tree},
    Topology{"multi-datacentre",
             "halves (or more parts) of a Clos, each complete, joined by long links",
             {clos_keys, datacentre_keys},
             datacentres_obstacle,
             datacentres_switches,
             build_datacentres},
    Topology{"dragonfly",
             "groups of fully joined routers, and global links between any two groups",
             {router_keys, dragonfly_keys},
             dragonfly_obstacle,
             dragonfly_switches,
             build_dragonfly,
             true},
    Topology{"dragonfly-plus",
             "groups that are leaf-spine Clos, and global links between their spines",
             {router_keys, dragonfly_keys, dragonfly_plus_keys},
             dragonfly_plus_obstacle,
             dragonfly_plus_switches,
             build_dragonfly_plus,
             true},
    Topology{"hyperx",
             "routers in a grid, each joined to all others of its lines (flattened butterfly)",
             {router_keys, grid_keys},
             hyperx_obstacle,
             hyperx_switches,
             build_hyperx,
             true},
    Topology{"torus",
             "routers in a grid whose lines close to rings, or accelerators themselves",
             {router_keys, grid_keys, torus_keys},
             torus_obstacle,
             torus_switches,
             build_torus},
    Topology{"edge-list",
             "the links that the file lists, between switches and NICs that it names",
             {edge_list_keys},
             edge_list_obstacle,
             edge_list_switches,
             build_edge_list},
    Topology{"simgrid-xml",
             "hosts, links and routes of a SimGrid platform file",
             {imported_keys},
             imported_obstacle,
             imported_switches,
             build_imported},
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

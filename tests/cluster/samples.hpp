// Clusters of every topology, small enough to look at all pairs of accelerators.
#pragma once

#include "fabrics.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace traingrid::samples {

inline Cluster dragonfly(int p, int a, int h, int groups) {
  Cluster cluster = fabric_cluster("dragonfly", groups * a * p);
  cluster.network.dragonfly = {.groups = groups, .routers_per_group = a, .global_links_per_router = h};
  cluster.network.nics_per_router = p;
  return cluster;
}

inline Cluster dragonfly_plus(int p, int leaves, int spines, int h, int groups) {
  Cluster cluster = fabric_cluster("dragonfly-plus", groups * leaves * p);
  cluster.network.dragonfly = {
      .groups = groups, .routers_per_group = leaves, .spines_per_group = spines, .global_links_per_router = h};
  cluster.network.nics_per_router = p;
  return cluster;
}

inline Cluster grid(const std::string& topology, const std::vector<int>& dimensions, int nics_per_router = 1,
                    int links = 1) {
  int routers = 1;
  for (const int size : dimensions) routers *= size;
  Cluster cluster = fabric_cluster(topology, routers * nics_per_router);
  cluster.network.grid = {.dimensions = dimensions, .links_per_pair = links};
  cluster.network.nics_per_router = nics_per_router;
  return cluster;
}

inline Cluster fat_tree(int ports) {
  Cluster cluster = fabric_cluster("fat-tree", ports * ports * ports / 4);
  cluster.network.equipment.ports = ports;
  return cluster;
}

inline Cluster clos(const std::string& topology, int nodes, int nics, int per_leaf, int per_pod = 0, double above = 1) {
  Cluster cluster = fabric_cluster(topology, nodes, nics, nics);
  cluster.network.clos = {.nodes_per_leaf = per_leaf, .nodes_per_pod = per_pod, .pod_oversubscription = above};
  return cluster;
}

inline Cluster datacentres(int count, int nodes, LeafKind leaves) {
  Cluster cluster = clos("multi-datacentre", nodes, 2, 2);
  cluster.network.datacentres = {count, leaves, 3, 5e9 * byte / second, 0.5e-3 * second};
  return cluster;
}

/// Two rings of switches with nodes at each, and a bridge.
inline Cluster edge_list() {
  Cluster cluster = fabric_cluster("edge-list", 8, 2, 2);
  const auto rate = 1e10 * byte / second;
  auto& edges = cluster.network.edge_list.edges;
  for (int i = 0; i < 8; ++i) {
    const int ring = i / 4 * 4;
    edges.push_back({fmt::format("n{}", i), fmt::format("s{}", i), rate, {}});
    edges.push_back({fmt::format("s{}", i), fmt::format("s{}", ring + (i + 1) % 4), rate, {}});
  }
  edges.push_back({"s0", "s4", rate / 2, 1e-3 * second});
  return cluster;
}

/// One of every topology, and some of them twice.
inline std::map<std::string, Cluster> all_fabrics() {
  Cluster mesh = grid("torus", {4, 3, 2});
  mesh.network.grid.lines = {0};
  Cluster twisted = grid("torus", {4, 6});
  twisted.network.grid.twists = {{0, 1, 2}};
  Cluster spines = clos("rail-optimised", 8, 4, 2);
  spines.network.rail_forwarding = false;
  Cluster chips = grid("torus", {4, 4});
  chips.nodes = 4;
  chips.node.accelerators = chips.node.nics = 4;
  chips.node.scale_up_topology = "none";
  return {{"rail-optimised", clos("rail-optimised", 8, 4, 2)},
          {"rail-optimised, three tiers", clos("rail-optimised", 12, 4, 2, 4, 2)},
          {"rail-optimised over the spines", spines},
          {"rail-only", clos("rail-only", 8, 4, 2)},
          {"rail-only, three tiers", clos("rail-only", 12, 2, 2, 4)},
          {"leaf-spine", clos("leaf-spine", 7, 2, 2)},
          {"leaf-spine, three tiers", clos("leaf-spine", 12, 2, 1, 4, 2)},
          {"fat-tree", fat_tree(4)},
          {"multi-datacentre", datacentres(2, 8, LeafKind::rails)},
          {"multi-datacentre of nodes", datacentres(3, 12, LeafKind::nodes)},
          {"dragonfly", dragonfly(2, 4, 2, 9)},
          {"dragonfly, parallel global links", dragonfly(1, 4, 2, 3)},
          {"dragonfly-plus", dragonfly_plus(2, 4, 4, 2, 5)},
          {"hyperx", grid("hyperx", {3, 4, 2}, 2)},
          {"hyperx, parallel links", grid("hyperx", {4, 4}, 1, 2)},
          {"torus", grid("torus", {4, 3, 2}, 2)},
          {"torus of chips", chips},
          {"torus, twisted", twisted},
          {"mesh", mesh},
          {"edge-list", edge_list()}};
}

}  // namespace traingrid::samples

// One network of every topology, and of some several, for 16 nodes of 4 accelerators with a NIC each.
#pragma once

#include "cluster/imported.hpp"
#include "toy.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace traingrid {

inline Cluster sixteen_nodes(const std::string& topology, double oversubscription = 1) {
  Cluster cluster =
      toy_cluster({.nodes = 16, .nodes_per_leaf = 4, .oversubscription = oversubscription, .topology = topology});
  cluster.network.hop_latency = 1e-6 * second;
  cluster.network.nics_per_router = 4;
  return cluster;
}

inline Cluster with_pods(Cluster cluster) {
  cluster.network.clos.nodes_per_leaf = 2;
  cluster.network.clos.nodes_per_pod = 4;
  cluster.network.clos.pod_oversubscription = 2;
  return cluster;
}

inline Cluster routed(Cluster cluster, const std::string& routing) {
  cluster.network.routing = {routing, 3};
  return cluster;
}

inline Cluster dragonfly() {
  Cluster cluster = sixteen_nodes("dragonfly");
  cluster.network.dragonfly = {.groups = 4, .routers_per_group = 4, .global_links_per_router = 3};
  return cluster;
}

inline Cluster dragonfly_plus() {
  Cluster cluster = sixteen_nodes("dragonfly-plus");
  cluster.network.dragonfly = {
      .groups = 4, .routers_per_group = 4, .spines_per_group = 3, .global_links_per_router = 2};
  return cluster;
}

inline Cluster routers_in_rows(const std::string& topology) {
  Cluster cluster = sixteen_nodes(topology);
  cluster.network.grid.dimensions = {4, 4};
  return cluster;
}

/// A torus of accelerators, without anything else between those of a node.
inline Cluster torus_of_chips() {
  Cluster cluster = sixteen_nodes("torus");
  cluster.node.scale_up_topology = "none";
  cluster.network.nics_per_router = 1;
  cluster.network.grid.dimensions = {4, 4, 4};
  return cluster;
}

/// The same with its short rings twisted along a long one.
inline Cluster twisted_torus() {
  Cluster cluster = torus_of_chips();
  cluster.network.grid = {.dimensions = {4, 2, 8}, .twists = {{0, 2, 4}}};
  return cluster;
}

inline Cluster two_datacentres() {
  Cluster cluster = sixteen_nodes("multi-datacentre");
  cluster.network.datacentres = {2, LeafKind::rails, 2, 2e10 * byte / second, 0.5e-3 * second};
  return cluster;
}

/// A ring of four switches with four nodes each, and a chord.
inline Cluster listed_edges() {
  Cluster cluster = sixteen_nodes("edge-list");
  auto& edges = cluster.network.edge_list.edges;
  for (int node = 0; node < 16; ++node)
    edges.push_back({fmt::format("n{}", node), fmt::format("s{}", node / 4), 4e10 * byte / second, {}});
  for (int i = 0; i < 4; ++i)
    edges.push_back({fmt::format("s{}", i), fmt::format("s{}", (i + 1) % 4), 8e10 * byte / second, {}});
  edges.push_back({"s0", "s2", 2e10 * byte / second, 1e-6 * second});
  return cluster;
}

/// All NICs at one hub whose links both directions share, two by two over a trunk of their own.
inline Cluster imported_platform() {
  Cluster cluster = sixteen_nodes("simgrid-xml");
  auto platform = std::make_shared<ImportedPlatform>();
  constexpr std::int32_t kHosts = 64;
  for (std::int32_t host = 0; host < kHosts; ++host) {
    platform->hosts.push_back(fmt::format("h{}", host));
    platform->links.push_back({fmt::format("cable {}", host), 1e10 * byte / second, {}});
  }
  for (std::int32_t trunk = 0; trunk < kHosts / 2; ++trunk)
    platform->links.push_back({fmt::format("trunk {}", trunk), 1.5e10 * byte / second, 1e-6 * second});
  platform->offsets.push_back(0);
  for (std::int32_t from = 0; from < kHosts; ++from) {
    for (std::int32_t to = 0; to < kHosts; ++to) {
      auto& route = platform->route_links;
      if (from != to) route.insert(route.end(), {from, to});
      if (from / 2 != to / 2) route.insert(route.end(), {kHosts + from / 2, kHosts + to / 2});
      platform->offsets.push_back(static_cast<std::int32_t>(route.size()));
    }
  }
  cluster.network.imported.platform = std::move(platform);
  return cluster;
}

inline Cluster for_kernels_too(Cluster cluster) {
  cluster.node.kernels_share_memory = true;
  return cluster;
}

inline std::map<std::string, Cluster> every_fabric() {
  Cluster fat_tree = sixteen_nodes("fat-tree"), over_spines = sixteen_nodes("rail-optimised", 2);
  fat_tree.network.equipment.ports = 8;
  over_spines.network.rail_forwarding = false;
  Cluster shared_memory = sixteen_nodes("rail-optimised", 2), pcie = sixteen_nodes("leaf-spine", 2);
  shared_memory.node.memory_link = true;
  pcie.node.scale_up_topology = "pcie-tree";
  Cluster mesh = sixteen_nodes("rail-only");
  mesh.node.scale_up_topology = "full-mesh";
  return {{"rail-optimised", sixteen_nodes("rail-optimised", 2)},
          {"rail-optimised, three tiers", with_pods(sixteen_nodes("rail-optimised", 2))},
          {"rail-optimised, over the spines", over_spines},
          {"rail-optimised, memory as a link", shared_memory},
          {"rail-optimised, memory that kernels share", for_kernels_too(shared_memory)},
          {"rail-optimised, by hash", routed(sixteen_nodes("rail-optimised"), "ecmp")},
          {"rail-only", sixteen_nodes("rail-only", 2)},
          {"rail-only, full meshes", mesh},
          {"leaf-spine", sixteen_nodes("leaf-spine", 4)},
          {"leaf-spine, three tiers, adaptive", routed(with_pods(sixteen_nodes("leaf-spine", 2)), "adaptive")},
          {"leaf-spine, PCIe trees", pcie},
          {"fat-tree", fat_tree},
          {"fat-tree, single paths", routed(fat_tree, "single")},
          {"multi-datacentre", two_datacentres()},
          {"dragonfly", dragonfly()},
          {"dragonfly, Valiant", routed(dragonfly(), "valiant")},
          {"dragonfly, adaptive", routed(dragonfly(), "adaptive")},
          {"dragonfly-plus", dragonfly_plus()},
          {"hyperx", routers_in_rows("hyperx")},
          {"hyperx, Valiant", routed(routers_in_rows("hyperx"), "valiant")},
          {"torus", routers_in_rows("torus")},
          {"torus of chips", torus_of_chips()},
          {"torus of chips, twisted", twisted_torus()},
          {"edge-list", listed_edges()},
          {"simgrid-xml", imported_platform()}};
}

/// 128 nodes of 8 accelerators with a NIC each, on every topology that is described by numbers.
inline std::map<std::string, Cluster> fabrics_of_1024() {
  std::map<std::string, Cluster> fabrics;
  for (const std::string topology : {"rail-optimised", "rail-only", "leaf-spine", "fat-tree", "multi-datacentre",
                                     "dragonfly", "dragonfly-plus", "hyperx", "torus"}) {
    Cluster cluster = sixteen_nodes(topology, topology == "fat-tree" ? 1 : 2);
    cluster.nodes = 128;
    cluster.node.accelerators = cluster.node.nics = cluster.network.nics_per_router = 8;
    cluster.network.clos.nodes_per_leaf = topology == "leaf-spine" ? 4 : 16;
    cluster.network.equipment.ports = topology == "fat-tree" ? 16 : 64;
    cluster.network.dragonfly = {.groups = 8, .routers_per_group = 16, .global_links_per_router = 7};
    if (topology == "dragonfly-plus") cluster.network.dragonfly.spines_per_group = 8;
    cluster.network.datacentres = {2, LeafKind::rails, 16, 2e10 * byte / second, 0.5e-3 * second};
    cluster.network.grid.dimensions = {16, 8};
    fabrics.emplace(topology, std::move(cluster));
  }
  return fabrics;
}

}  // namespace traingrid

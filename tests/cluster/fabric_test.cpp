#include "cluster/fabric.hpp"

#include "catch.hpp"
#include "fabrics.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

using Names = std::vector<std::string>;

/// Bytes per second from one half of the accelerators to the other, each to its counterpart, all at the same rate.
Bandwidth bisection(const Fabric& fabric) {
  std::vector<double> load(static_cast<std::size_t>(fabric.links()), 0);
  std::vector<Hop> path;
  const int half = fabric.devices() / 2;
  for (Device device = 0; device < half; ++device) {
    fabric.path(device, device + half, path);
    for (const Hop& hop : path) load[static_cast<std::size_t>(hop.link)] += hop.weight / double(hop.parts);
  }
  Bandwidth rate = 1e18 * byte / second;
  for (LinkId link = 0; link < fabric.links(); ++link) {
    const double crossings = load[static_cast<std::size_t>(link)];
    if (crossings > 0) rate = std::min(rate, fabric.capacity(link) / crossings);
  }
  return half * rate;
}

}  // namespace

TEST_CASE("a rail-optimised Clos has a leaf per rail and group of nodes") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 5, .accelerators = 4, .nics = 2, .nodes_per_leaf = 2}));
  CHECK(fabric->devices() == 20);
  CHECK(count_of(*fabric, "scale-up out") == 20);
  CHECK(count_of(*fabric, "scale-up in") == 20);
  CHECK(count_of(*fabric, "nic out") == 10);
  CHECK(count_of(*fabric, "nic in") == 10);
  CHECK(count_of(*fabric, "leaf uplink") == 12);  // 3 groups of nodes, the last half-filled, times 2 rails, 2 nodes
  CHECK(count_of(*fabric, "leaf downlink") == 12);
  CHECK(fabric->links() == 20 + 20 + 10 + 10 + 12 + 12);
}

TEST_CASE("a leaf-spine Clos has a leaf per group of nodes") {
  const auto fabric = build_fabric(
      toy_cluster({.nodes = 5, .accelerators = 4, .nics = 2, .nodes_per_leaf = 2, .topology = "leaf-spine"}));
  CHECK(count_of(*fabric, "leaf uplink") == 3 * 4);  // for the 4 NICs below each
  CHECK(count_of(*fabric, "leaf downlink") == 3 * 4);
  CHECK(fabric->links() == 20 + 20 + 10 + 10 + 12 + 12);
}

TEST_CASE("inside a node a path crosses the two scale-up links") {
  const auto topology = GENERATE(as<std::string>{}, "rail-optimised", "leaf-spine");
  const auto fabric = build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 2, .topology = topology}));
  CHECK(path_names(*fabric, 5, 7) == Names{"scale-up out 5", "scale-up in 7"});
  CHECK(fabric->node_of(5) == fabric->node_of(7));
}

TEST_CASE("on the same rail below the same leaf a path crosses the two NICs") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 2}));
  CHECK(path_names(*fabric, 1, 5) == Names{"nic out 1", "nic in 5"});
}

TEST_CASE("to another leaf of the rail a path goes up and down") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 2}));
  CHECK(path_names(*fabric, 1, 9) == Names{"nic out 1", "leaf uplink 2", "leaf downlink 10", "nic in 9"});
}

TEST_CASE("to another rail a path is forwarded inside the sending node") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 2}));
  CHECK(path_names(*fabric, 0, 7) == Names{"scale-up out 0", "scale-up in 3", "nic out 3", "nic in 7"});
}

TEST_CASE("accelerators that share a NIC share its links") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 2, .accelerators = 4, .nics = 2, .nodes_per_leaf = 2}));
  CHECK(path_names(*fabric, 0, 4) == Names{"nic out 0", "nic in 2"});
  CHECK(path_names(*fabric, 1, 5) == Names{"nic out 0", "nic in 2"});
  CHECK(path_names(*fabric, 1, 4) == Names{"nic out 0", "nic in 2"});
  CHECK(path_names(*fabric, 0, 6) == Names{"scale-up out 0", "scale-up in 2", "nic out 1", "nic in 3"});
}

TEST_CASE("a leaf-spine Clos sends from the own NIC, whatever the receiver's") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 2, .topology = "leaf-spine"}));
  CHECK(path_names(*fabric, 0, 7) == Names{"nic out 0", "nic in 7"});
  CHECK(path_names(*fabric, 0, 15) == Names{"nic out 0", "leaf uplink 0", "leaf downlink 8", "nic in 15"});
}

TEST_CASE("half the accelerators send to the others at the rate of their NICs, less the oversubscription") {
  const auto topology = GENERATE(as<std::string>{}, "rail-optimised", "leaf-spine");
  ToyCluster toy{.nodes = 8, .nodes_per_leaf = 2, .topology = topology};
  CHECK(bisection(*build_fabric(toy_cluster(toy))) / kGigabyte == Approx(16 * 10));
  toy.oversubscription = 2;
  CHECK(bisection(*build_fabric(toy_cluster(toy))) / kGigabyte == Approx(8 * 10));
}

TEST_CASE("links carry what protocols leave of their line rate, trunks above a leaf less the oversubscription") {
  const auto [topology, trunk] =
      GENERATE(table<std::string, double>({{"rail-optimised", 2 * 9 / 3.0}, {"leaf-spine", 2 * 4 * 9 / 3.0 / 3}}));
  Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 2, .oversubscription = 3, .topology = topology});
  cluster.node.scale_up.efficiency = 0.8;
  cluster.network.link.efficiency = 0.9;
  const auto fabric = build_fabric(cluster);
  for (const LinkLevel& level : fabric->levels()) {
    INFO(topology << ", " << level.name);
    const double expected = level.name.starts_with("scale-up") ? 80 : level.name.starts_with("nic") ? 9 : trunk;
    CHECK(level.capacity / kGigabyte == Approx(expected));
  }
}

TEST_CASE("a step takes the latency of the link type that it crosses") {
  Cluster cluster = toy_cluster();
  cluster.node.scale_up.latency = 1 * second;
  cluster.network.link.latency = 5 * second;
  const auto fabric = build_fabric(cluster);
  CHECK(fabric->latency(0, 3) == 1 * second);
  CHECK(fabric->latency(0, 4) == 5 * second);
}

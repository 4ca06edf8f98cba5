// Nodes whose accelerators are joined otherwise than by a switch, and memory that flows share.
#include "cluster/scale_up.hpp"

#include "catch.hpp"
#include "fabrics.hpp"

#include <fmt/format.h>

using namespace traingrid;

namespace {

using Names = std::vector<std::string>;

Cluster node_of(const std::string& kind, int accelerators) {
  Cluster cluster = fabric_cluster("leaf-spine", 2, accelerators, accelerators);
  cluster.network.clos.nodes_per_leaf = 2;
  cluster.node.scale_up_topology = kind;
  return cluster;
}

/// Rate of each of the flows from every accelerator of a node to every other, all at once.
double all_to_all_rate(const Fabric& fabric, int accelerators) {
  std::vector<std::vector<Hop>> paths;
  for (Device from = 0; from < accelerators; ++from) {
    for (Device to = 0; to < accelerators; ++to) {
      if (from != to) fabric.path(from, to, paths.emplace_back());
    }
  }
  return std::ranges::min(max_min(fabric, paths)) / kGigabyte;
}

}  // namespace

TEST_CASE("a scale-up switch of any size gives every accelerator its full rate") {
  const int size = GENERATE(8, 72, 144);
  const auto fabric = build_fabric(node_of("switch", size));
  CHECK(fabric->links() == 2 * 2 * 2 * size);  // in and out, scale-up and NIC, two nodes at one leaf
  CHECK(all_to_all_rate(*fabric, size) == Approx(100.0 / (size - 1)));
}

TEST_CASE("a full mesh gives each pair an equal part of the ports") {
  const int size = GENERATE(2, 4, 8);
  const auto fabric = build_fabric(node_of("full-mesh", size));
  CHECK(count_of(*fabric, "mesh") == 2 * size * (size - 1));
  CHECK(all_to_all_rate(*fabric, size) == Approx(100.0 / (size - 1)));
  CHECK(path_names(*fabric, size, size + 1) == Names{fmt::format("scale-up out {}", size),
                                                     fmt::format("mesh {}", size * (size - 1)),
                                                     fmt::format("scale-up in {}", size + 1)});
}

TEST_CASE("in a PCIe tree traffic to another switch shares its uplink") {
  const auto fabric = build_fabric(node_of("pcie-tree", 8));
  CHECK(count_of(*fabric, "pcie uplink") == 2 * 4);
  CHECK(path_names(*fabric, 8, 9) == Names{"scale-up out 8", "scale-up in 9"});
  CHECK(path_names(*fabric, 9, 12) == Names{"scale-up out 9", "pcie uplink 4", "pcie downlink 6", "scale-up in 12"});
  CHECK(all_to_all_rate(*fabric, 8) == Approx(100.0 / (2 * 6)));
}

TEST_CASE(
    "a hybrid cube mesh has six links of each accelerator, some double, and two ways to those it has no link to") {
  const auto fabric = build_fabric(node_of("hybrid-cube-mesh", 8));
  CHECK(count_of(*fabric, "nvlink") == 2 * 8 * 6);
  const auto rate = [&](Device from, Device to) {
    std::vector<std::vector<Hop>> paths(1);
    fabric->path(from, to, paths[0]);
    return max_min(*fabric, paths)[0] / kGigabyte;
  };
  for (Device from = 0; from < 8; ++from) {
    int total = 0;
    for (Device to = 0; to < 8; ++to) {
      if (from == to) continue;
      const double links = rate(from, to) / (100.0 / 6);
      CHECK((links == Approx(1) || links == Approx(2) || links == Approx(4)));
      CHECK(rate(from, to) == Approx(rate(to, from)));
      std::vector<Hop> path;
      fabric->path(from, to, path);
      total += path.size() <= 4 ? static_cast<int>(path.size()) - 2 : 0;
    }
    CHECK(total == 6);
  }
  CHECK(rate(0, 3) == Approx(100.0 / 3));
  CHECK(rate(0, 1) == Approx(100.0 / 6));
}

TEST_CASE("without a scale-up network accelerators of a node meet over the network") {
  const auto fabric = build_fabric(node_of("none", 4));
  CHECK(count_of(*fabric, "scale-up out") == 0);
  CHECK(path_names(*fabric, 0, 1) == Names{"nic out 0", "nic in 1"});
  CHECK(fabric->scale_up_out(2) == fabric->nic_out(2));
}

TEST_CASE("memory is a link at both ends of a flow, and twice where it is handed over") {
  Cluster cluster = fabric_cluster("rail-optimised", 4, 2, 2);
  cluster.network.clos.nodes_per_leaf = 4;
  cluster.node.memory_link = true;
  cluster.accelerator.efficiency.memory = 0.5;
  const auto fabric = build_fabric(cluster);
  CHECK(path_names(*fabric, 0, 1) == Names{"memory 0", "scale-up out 0", "scale-up in 1", "memory 1"});
  CHECK(path_names(*fabric, 0, 3) ==
        Names{"memory 0", "scale-up out 0", "scale-up in 1", "memory 1", "nic out 1", "nic in 3", "memory 3"});
  std::vector<Hop> path;
  fabric->path(0, 3, path);
  CHECK(path[3].weight == 2);
  CHECK(fabric->capacity(fabric->memory(3)) / kGigabyte == Approx(500));
  CHECK(path_names(*fabric, 3, 3) == Names{"memory 3"});
  CHECK(fabric->latency(3, 3) == Seconds{});
}

TEST_CASE("every scale-up topology of the table says what it is and what it needs") {
  CHECK(scale_up_names() == "switch, pcie-tree, hybrid-cube-mesh, full-mesh, none");
  ComputeNode node{.accelerators = 6, .nics = 3};
  CHECK(find_scale_up("switch")->obstacle(node).empty());
  CHECK(find_scale_up("pcie-tree")->obstacle(node).empty());
  CHECK_FALSE(find_scale_up("hybrid-cube-mesh")->obstacle(node).empty());
  CHECK_FALSE(find_scale_up("none")->obstacle(node).empty());
  node.accelerators_per_pcie_switch = 4;
  CHECK_FALSE(find_scale_up("pcie-tree")->obstacle(node).empty());
  node.accelerators = 1;
  CHECK_FALSE(find_scale_up("full-mesh")->obstacle(node).empty());
  CHECK(find_scale_up("ring") == nullptr);
}

#include "cluster/cluster.hpp"

#include "catch.hpp"
#include "toy.hpp"

using namespace traingrid;

namespace {

/// As many nodes below a leaf as its ports allow.
double switches(int nodes, int nics, int ports, double oversubscription = 1) {
  const int down = static_cast<int>(ports * oversubscription / (1 + oversubscription));
  Cluster cluster =
      toy_cluster({.nodes = nodes, .nics = nics, .nodes_per_leaf = down, .oversubscription = oversubscription});
  cluster.network.equipment.ports = ports;
  return switch_count(cluster);
}

}  // namespace

TEST_CASE("a few NICs meet at one switch") {
  CHECK(switches(4, 4, 64) == 1);
  CHECK(switches(16, 4, 64) == 1);
  CHECK(switches(17, 4, 64) == 4 + 2);  // 68 NICs: a leaf for each of 4 rails; 68 uplinks over 64 ports
}

TEST_CASE("two tiers have a spine port for every uplink") {
  CHECK(switches(32, 4, 64) == 4 + 2);     // 128 NICs: 32 ports of each leaf down, 32 up; 128 / 64 spines
  CHECK(switches(512, 4, 64) == 64 + 32);  // 2,048 NICs: as many leaves as a spine has ports
  CHECK(switches(16, 4, 48, 2) == 4 + 1);  // 64 NICs: a leaf for each of 4 rails; 32 uplinks
}

TEST_CASE("three tiers of k-port switches are a fat tree of 5k^2/4 switches at k^3/4 NICs") {
  CHECK(switches(4 * 4 * 4 * 4, 4, 16) == 5 * 16 * 16 / 4);
  CHECK(switches(16'384, 4, 64) == 5 * 64 * 64 / 4);
}

TEST_CASE("nodes of a larger machine account for their share of its switches") {
  Cluster cluster = toy_cluster({.nodes = 32, .nics = 4, .nodes_per_leaf = 32});
  const Watts whole = network_power(cluster);
  CHECK(whole / watt == Approx(600));
  cluster.whole_nodes = 32;
  cluster.nodes = 8;
  CHECK(network_power(cluster) / watt == Approx(150));
  cluster.network.equipment.optics_per_port = 1 * watt;
  CHECK(network_power(cluster) / watt == Approx(150 + 0.25 * 6 * 64));
}

TEST_CASE("hosts draw the sum of their parts, and payload is what is left of the line rate") {
  constexpr NodePower power{
      .cpu = 1 * watt, .memory = 2 * watt, .nics = 4 * watt, .other = 8 * watt, .fans = 16 * watt};
  CHECK(power.hosts() / watt == 31);
  CHECK(LinkType{"", 1e10 * byte / second, 0.9, {}}.payload() / (byte / second) == Approx(9e9));
}

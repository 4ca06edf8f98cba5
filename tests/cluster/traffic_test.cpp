// Sprayed packets and random permutations on every fabric.
#include "catch.hpp"
#include "samples.hpp"

#include <numeric>
#include <random>

using namespace traingrid;
using namespace traingrid::samples;

TEST_CASE("packets that are sprayed take each way equally often") {
  for (const auto& [name, cluster] : all_fabrics()) {
    INFO(name);
    const auto fabric = build_fabric(cluster);
    std::vector<Hop> path, way;
    for (Device from = 0; from < fabric->devices(); from += 3) {
      for (Device to = 0; to < fabric->devices(); ++to) {
        if (from == to) continue;
        std::map<LinkId, double> expected, found;
        const int ways = fabric->ways(from, to);
        for (int i = 0; i < ways; ++i) {
          fabric->way(from, to, i, way);
          for (const Hop& hop : way) expected[hop.link] += share_of(hop) / ways;
        }
        fabric->path(from, to, path);
        for (const Hop& hop : path) {
          const bool bundle = fabric->bundles() && hop.link >= fabric->first_network_link();
          for (int lane = 0; lane < (bundle ? hop.parts : 1); ++lane) found[hop.link + lane] += share_of(hop);
        }
        REQUIRE(found.size() == expected.size());
        for (const auto& [link, share] : expected) REQUIRE(found[link] == Approx(share));
      }
    }
  }
}

TEST_CASE("random permutations of nodes fill every NIC of a Clos that is not oversubscribed") {
  for (const std::string name : {"rail-optimised", "rail-only", "rail-only, three tiers", "leaf-spine", "fat-tree"}) {
    INFO(name);
    const auto fabric = build_fabric(all_fabrics().at(name));
    const int per_node = name == "fat-tree" ? 1 : fabric->node_of(2) == 0 ? 4 : 2;
    std::vector<int> to(index(fabric->devices() / per_node));
    std::iota(to.begin(), to.end(), 0);
    std::mt19937 random(7);
    for (int turn = 0; turn < 5; ++turn) {
      std::ranges::shuffle(to, random);
      std::vector<std::vector<Hop>> paths;
      for (Device device = 0; device < fabric->devices(); ++device) {
        const Device other = to[index(fabric->node_of(device))] * per_node + device % per_node;
        if (other != device) fabric->path(device, other, paths.emplace_back());
      }
      for (const Bandwidth rate : max_min(*fabric, paths)) CHECK(rate / kGigabyte == Approx(10));
    }
  }
}

TEST_CASE("no rate of a random permutation can be raised without lowering a smaller one, on any fabric") {
  for (const auto& [name, cluster] : all_fabrics()) {
    INFO(name);
    const auto fabric = build_fabric(cluster);
    std::vector<Device> to(index(fabric->devices()));
    std::iota(to.begin(), to.end(), 0);
    std::mt19937 random(11);
    std::ranges::shuffle(to, random);
    std::vector<std::vector<Hop>> paths;
    for (Device device = 0; device < fabric->devices(); ++device) {
      if (to[index(device)] != device) fabric->path(device, to[index(device)], paths.emplace_back());
    }
    const auto rates = max_min(*fabric, paths);
    std::map<LinkId, Bandwidth> used, highest;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      for (const Hop& hop : paths[i]) {
        used[hop.link] += rates[i] * share_of(hop);
        highest[hop.link] = std::max(highest[hop.link], rates[i]);
      }
    }
    for (const auto& [link, rate] : used) CHECK(rate <= fabric->capacity(link) * (1 + 1e-9));
    for (std::size_t i = 0; i < paths.size(); ++i) {
      CHECK(std::ranges::any_of(paths[i], [&, i](const Hop& hop) {
        return used[hop.link] >= fabric->capacity(hop.link) * (1 - 1e-9) && rates[i] >= highest[hop.link] * (1 - 1e-9);
      }));
    }
  }
}

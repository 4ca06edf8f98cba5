// Which ways flows take: by hash, in turn, by load, around what is slow or down.
#include "cluster/router.hpp"

#include "catch.hpp"
#include "fabrics.hpp"
#include "input/problems.hpp"

#include <map>
#include <numeric>
#include <set>

using namespace traingrid;

namespace {

/// 4 leaves of 4 nodes, 4 lanes each.
Cluster two_tiers(const std::string& routing = "spray", int seed = 1) {
  Cluster cluster = fabric_cluster("leaf-spine", 16);
  cluster.network.clos.nodes_per_leaf = 4;
  cluster.network.routing = {routing, seed};
  return cluster;
}

/// 3 pods of 4 leaves of 2 nodes, 2 lanes above a leaf and 4 above a spine.
Cluster three_tiers() {
  Cluster cluster = fabric_cluster("leaf-spine", 24);
  cluster.network.clos = {.nodes_per_leaf = 2, .nodes_per_pod = 8};
  return cluster;
}

Cluster dragonfly(const std::string& routing) {
  Cluster cluster = fabric_cluster("dragonfly", 72);
  cluster.network.dragonfly = {.groups = 9, .routers_per_group = 4, .global_links_per_router = 2};
  cluster.network.nics_per_router = 2;
  cluster.network.routing.name = routing;
  return cluster;
}

std::vector<Hop> routed(Router& router, Device from, Device to) {
  std::vector<Hop> path;
  router.path(from, to, 1, path);
  return path;
}

/// Rates of all flows by progressive filling on the degraded fabric.
std::vector<Bandwidth> degraded_rates(const Fabric& fabric, const Overrides& overrides,
                                      const std::vector<std::vector<Hop>>& paths) {
  auto rate = [&](LinkId link) {
    for (const auto& slow : overrides.links) {
      if (slow.link == link) return slow.rate;
    }
    return 1.0;
  };
  auto scaled = paths;  // a link at half its rate is one that is crossed twice as often
  for (auto& path : scaled) {
    for (Hop& hop : path) {
      hop.weight = static_cast<std::uint16_t>(hop.weight * 4);
      hop.parts = static_cast<std::uint16_t>(hop.parts * 4 * rate(hop.link));
    }
  }
  return max_min(fabric, scaled);
}

/// All open ways of every flow with equal shares, link by link: what a router may shorten without changing rates.
std::vector<std::vector<Hop>> sprayed_in_full(const Fabric& fabric, const Overrides& overrides,
                                              const std::vector<std::pair<Device, Device>>& flows) {
  std::vector<std::vector<Hop>> paths;
  for (const auto& [from, to] : flows) {
    std::vector<Hop> way, all;
    int open = 0;
    for (int i = 0; i < fabric.ways(from, to); ++i) {
      fabric.way(from, to, i, way);
      const bool down = std::ranges::any_of(way, [&](const Hop& hop) {
        return std::ranges::any_of(overrides.links,
                                   [&](const auto& slow) { return slow.link == hop.link && slow.rate == 0; });
      });
      if (down) continue;
      ++open;
      all.insert(all.end(), way.begin(), way.end());
    }
    share_equally(all, 0, open);
    paths.push_back(std::move(all));
  }
  return paths;
}

}  // namespace

TEST_CASE("spraying names one lane of each bundle, and the slowest where lanes differ") {
  const auto fabric = build_fabric(two_tiers());
  Overrides overrides;
  overrides.links = {{link_of(*fabric, "leaf uplink", 2), 0.5}, {link_of(*fabric, "leaf downlink", 7), 0.25}};
  Router healthy(*fabric, {}), degraded(*fabric, overrides);
  CHECK(routed(healthy, 0, 5) == std::vector<Hop>{{fabric->nic_out(0)},
                                                  {link_of(*fabric, "leaf uplink", 0), 1, 4},
                                                  {link_of(*fabric, "leaf downlink", 4), 1, 4},
                                                  {fabric->nic_in(5)}});
  CHECK(routed(degraded, 0, 5) == std::vector<Hop>{{fabric->nic_out(0)},
                                                   {link_of(*fabric, "leaf uplink", 2), 1, 4},
                                                   {link_of(*fabric, "leaf downlink", 7), 1, 4},
                                                   {fabric->nic_in(5)}});
}

TEST_CASE("with a lane down packets take the others, and unaffected flows keep to lanes that all of them use") {
  const auto fabric = build_fabric(two_tiers());
  Overrides overrides;
  overrides.links = {{link_of(*fabric, "leaf uplink", 0), 0}};
  Router router(*fabric, overrides);
  CHECK(routed(router, 0, 5) == std::vector<Hop>{{fabric->nic_out(0)},
                                                 {fabric->nic_in(5)},
                                                 {link_of(*fabric, "leaf uplink", 1), 1, 3},
                                                 {link_of(*fabric, "leaf downlink", 5), 1, 3}});
  CHECK(routed(router, 8, 5)[2] == Hop{link_of(*fabric, "leaf downlink", 5), 1, 4});
}

TEST_CASE("what spraying leaves out of a path never binds: rates are those of all lanes listed") {
  const auto cluster = GENERATE(two_tiers(), three_tiers());
  const auto damage = GENERATE(values<std::vector<std::tuple<std::string, int, double>>>({
      {},
      {{"leaf uplink", 1, 0.5}},
      {{"leaf uplink", 1, 0}},
      {{"leaf downlink", 2, 0}, {"leaf uplink", 5, 0.25}},
      {{"leaf uplink", 0, 0}, {"leaf downlink", 7, 0.5}},  // no clean lane in three tiers
      {{"leaf uplink", 0, 0}, {"leaf downlink", 4, 0}, {"leaf uplink", 11, 0.5}, {"leaf downlink", 1, 0.5}},
      {{"pod uplink", 0, 0}, {"pod downlink", 9, 0.5}},
      {{"pod uplink", 0, 0.5}, {"pod uplink", 1, 0.25}},
  }));
  const auto fabric = build_fabric(cluster);
  Overrides overrides;
  for (const auto& [level, number, rate] : damage) {
    if (number < count_of(*fabric, level)) overrides.links.push_back({link_of(*fabric, level, number), rate});
  }
  Router router(*fabric, overrides);
  std::vector<std::pair<Device, Device>> flows;
  for (Device from = 0; from < fabric->devices(); ++from) {
    for (const int shift : {1, 4, 9, 13}) flows.emplace_back(from, (from * shift + shift) % fabric->devices());
  }
  std::erase_if(flows, [](const auto& flow) { return flow.first == flow.second; });
  std::vector<std::vector<Hop>> paths;
  for (const auto& [from, to] : flows) paths.push_back(routed(router, from, to));
  const auto found = degraded_rates(*fabric, overrides, paths);
  const auto expected = degraded_rates(*fabric, overrides, sprayed_in_full(*fabric, overrides, flows));
  for (std::size_t i = 0; i < flows.size(); ++i) CHECK(found[i] / expected[i] == Approx(1).epsilon(1e-9));
}

TEST_CASE(
    "ECMP takes one way for each flow: the same for the same seed, another for another, all about equally often") {
  const auto fabric = build_fabric(two_tiers("ecmp", 1)), other = build_fabric(two_tiers("ecmp", 2));
  Router first(*fabric, {}), again(*fabric, {}), reseeded(*other, {});
  std::map<LinkId, int> used;
  int moved = 0, flows = 0;
  for (Device from = 0; from < 16; ++from) {
    for (Device to = 0; to < 16; ++to) {
      if (from / 4 == to / 4) continue;
      const auto path = routed(first, from, to);
      REQUIRE(path.size() == 4);
      CHECK(path == routed(again, from, to));
      moved += path == routed(reseeded, from, to) ? 0 : 1;
      ++used[path[1].link];
      ++flows;
    }
  }
  CHECK(used.size() == 16);
  CHECK(moved > flows / 2);
  for (const auto& [link, count] : used) CHECK((count > 3 && count < 24));  // 12 each on average
}

TEST_CASE("single-path routing keeps one way for each destination") {
  const auto fabric = build_fabric(two_tiers("single"));
  Router router(*fabric, {});
  for (Device to = 4; to < 16; ++to) {
    std::set<LinkId> lanes;
    for (Device from = 0; from < 4; ++from) lanes.insert(routed(router, from, to)[1].link);
    CHECK(lanes.size() == 1);
    CHECK(*lanes.begin() == link_of(*fabric, "leaf uplink", to % 4));
  }
}

TEST_CASE("adaptive routing spreads the flows of a phase, where ECMP lets some collide") {
  const auto rates = [](const std::string& routing) {
    const auto fabric = build_fabric(two_tiers(routing));
    Router router(*fabric, {});
    std::vector<std::vector<Hop>> paths;
    for (Device from = 0; from < 16; ++from) paths.push_back(routed(router, from, (from + 4) % 16));
    return max_min(*fabric, paths);
  };
  for (const Bandwidth rate : rates("adaptive")) CHECK(rate / kGigabyte == Approx(10));
  CHECK(std::ranges::min(rates("ecmp")) / kGigabyte < 6);
}

TEST_CASE("adaptive routing forgets the flows of the phase before, and leaves slow and broken lanes to others") {
  const auto fabric = build_fabric(two_tiers("adaptive"));
  Overrides overrides;
  overrides.links = {{link_of(*fabric, "leaf uplink", 0), 0}, {link_of(*fabric, "leaf uplink", 1), 0.1}};
  Router router(*fabric, overrides);
  const auto first = routed(router, 0, 4);
  CHECK(first[1].link == link_of(*fabric, "leaf uplink", 2));
  CHECK(routed(router, 1, 4)[1].link == link_of(*fabric, "leaf uplink", 3));
  router.next_phase();
  CHECK(routed(router, 0, 4) == first);
}

TEST_CASE("Valiant routing takes adversarial traffic off the one global link between two groups") {
  const auto slowest = [](const std::string& routing) {
    const auto fabric = build_fabric(dragonfly(routing));
    Router router(*fabric, {});
    std::vector<std::vector<Hop>> paths;
    for (Device from = 0; from < 72; ++from) paths.push_back(routed(router, from, (from + 8) % 72));
    const auto rates = max_min(*fabric, paths);
    return std::accumulate(rates.begin(), rates.end(), Bandwidth{}) / 72.0 / kGigabyte;
  };
  const double minimal = slowest("single"), valiant = slowest("valiant"), adaptive = slowest("adaptive");
  CHECK(minimal == Approx(10 / 8.0));  // 8 NICs of a group to the next one
  CHECK(valiant > 1.5 * minimal);
  CHECK(adaptive > 1.5 * minimal);
}

TEST_CASE("Valiant routing is the same for the same seed, and leaves flows inside a node alone") {
  Cluster cluster = dragonfly("valiant");
  cluster.node.accelerators = 2;
  const auto fabric = build_fabric(cluster);
  Router router(*fabric, {}), again(*fabric, {});
  CHECK(routed(router, 0, 1) == std::vector<Hop>{{fabric->scale_up_out(0)}, {fabric->scale_up_in(1)}});
  for (Device to = 2; to < 100; ++to) CHECK(routed(router, 0, to) == routed(again, 0, to));
}

TEST_CASE("a flow that no way is left for is an error that names its ends") {
  const auto routing = GENERATE(as<std::string>{}, "spray", "ecmp", "single", "adaptive");
  const auto fabric = build_fabric(two_tiers(routing));
  Overrides overrides;
  for (int lane = 0; lane < 4; ++lane) overrides.links.push_back({link_of(*fabric, "leaf uplink", lane), 0});
  Router router(*fabric, overrides);
  CHECK_THROWS_AS(routed(router, 1, 9), InputError);
  CHECK_THROWS_WITH(routed(router, 1, 9), "links that are down leave no way from accelerator 1 to 9");
  CHECK(routed(router, 1, 3).size() == 2);
}

TEST_CASE("every routing of the table has a name and says what it does") {
  CHECK(routing_names() == "spray, single, ecmp, adaptive, valiant");
  CHECK(find_routing("ecmp")->seeded);
  CHECK(find_routing("random") == nullptr);
}

TEST_CASE("collectives inside a switch reach it over the links of each member") {
  Cluster cluster = two_tiers();
  cluster.accelerator.efficiency.memory = 1;
  cluster.node.memory_link = GENERATE(false, true);
  const auto fabric = build_fabric(cluster);
  Router router(*fabric, {});
  std::vector<Hop> up, down;
  router.path_to_switch(3, true, up);
  router.path_from_switch(3, true, down);
  CHECK(up.back() == Hop{fabric->nic_out(3)});
  CHECK(down.front() == Hop{fabric->nic_in(3)});
  CHECK(up.size() == (cluster.node.memory_link ? 2 : 1));
  router.path_to_switch(3, false, up);
  CHECK(up.back() == Hop{fabric->scale_up_out(3)});
}

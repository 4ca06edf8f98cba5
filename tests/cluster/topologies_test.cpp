// Every topology against its textbook: how many links and switches, what a cut through the middle carries, how far
// apart the ends are; and every way from end to end.
#include "cluster/topology.hpp"

#include "catch.hpp"
#include "fabrics.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace traingrid;

namespace {

Cluster dragonfly(int p, int a, int h, int groups) {
  Cluster cluster = fabric_cluster("dragonfly", groups * a * p);
  cluster.network.dragonfly = {.groups = groups, .routers_per_group = a, .global_links_per_router = h};
  cluster.network.nics_per_router = p;
  return cluster;
}

Cluster dragonfly_plus(int p, int leaves, int spines, int h, int groups) {
  Cluster cluster = fabric_cluster("dragonfly-plus", groups * leaves * p);
  cluster.network.dragonfly = {
      .groups = groups, .routers_per_group = leaves, .spines_per_group = spines, .global_links_per_router = h};
  cluster.network.nics_per_router = p;
  return cluster;
}

Cluster grid(const std::string& topology, const std::vector<int>& dimensions, int nics_per_router = 1, int links = 1) {
  int routers = 1;
  for (const int size : dimensions) routers *= size;
  Cluster cluster = fabric_cluster(topology, routers * nics_per_router);
  cluster.network.grid = {.dimensions = dimensions, .links_per_pair = links};
  cluster.network.nics_per_router = nics_per_router;
  return cluster;
}

Cluster fat_tree(int ports) {
  Cluster cluster = fabric_cluster("fat-tree", ports * ports * ports / 4);
  cluster.network.equipment.ports = ports;
  return cluster;
}

Cluster clos(const std::string& topology, int nodes, int nics, int per_leaf, int per_pod = 0, double above = 1) {
  Cluster cluster = fabric_cluster(topology, nodes, nics, nics);
  cluster.network.clos = {.nodes_per_leaf = per_leaf, .nodes_per_pod = per_pod, .pod_oversubscription = above};
  return cluster;
}

Cluster datacentres(int count, int nodes, LeafKind leaves) {
  Cluster cluster = clos("multi-datacentre", nodes, 2, 2);
  cluster.network.datacentres = {count, leaves, 3, 5e9 * byte / second, 0.5e-3 * second};
  return cluster;
}

/// Two rings of switches with nodes at each, and a bridge.
Cluster edge_list() {
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
std::map<std::string, Cluster> all_fabrics() {
  Cluster mesh = grid("torus", {4, 3, 2});
  mesh.network.grid.lines = {0};
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
          {"mesh", mesh},
          {"edge-list", edge_list()}};
}

/// A way crosses links that meet, comes to no switch twice, and takes at most so many.
void check_way(const Fabric& fabric, const std::vector<Hop>& way, int most_switches) {
  std::set<Vertex> switches;
  Vertex here = -1;
  for (const Hop& hop : way) {
    REQUIRE((hop.link >= 0 && hop.link < fabric.links()));
    if (hop.link < fabric.nic_out(0)) continue;  // inside the node
    const LinkEnds ends = fabric.ends(hop.link);
    if (here >= 0) REQUIRE(ends.from == here);
    here = ends.to;
    if (fabric.is_switch(here)) CHECK(switches.insert(here).second);
  }
  CHECK(static_cast<int>(switches.size()) <= most_switches);
}

/// Switches of the longest way between any two accelerators.
int diameter(const Fabric& fabric) {
  std::size_t most = 0;
  std::vector<Hop> way;
  for (Device from = 0; from < fabric.devices(); ++from) {
    for (Device to = 0; to < fabric.devices(); ++to) {
      if (fabric.node_of(from) == fabric.node_of(to)) continue;
      for (int i = 0; i < fabric.ways(from, to); ++i) {
        fabric.way(from, to, i, way);
        std::set<Vertex> switches;
        for (const Hop& hop : way) {
          if (hop.link >= fabric.nic_out(0)) switches.insert(fabric.ends(hop.link).to);
        }
        most = std::max(most, switches.size() - 1);  // the last end is the NIC
      }
    }
  }
  return static_cast<int>(most);
}

}  // namespace

TEST_CASE("every topology of the table says what it is, and is one of those that are tested") {
  std::set<std::string> tested{"simgrid-xml"};  // tests/engine
  for (const auto& [name, cluster] : all_fabrics()) {
    REQUIRE(find_topology(cluster.network.topology) != nullptr);
    CHECK_FALSE(find_topology(cluster.network.topology)->summary.empty());
    tested.insert(cluster.network.topology);
  }
  CHECK(topology_names() ==
        "rail-optimised, rail-only, leaf-spine, fat-tree, multi-datacentre, dragonfly, dragonfly-plus, hyperx, torus, "
        "edge-list, simgrid-xml");
  CHECK(tested.size() == 11);
  CHECK(find_topology("star") == nullptr);
}

TEST_CASE("every way of every fabric leads from end to end through links that meet, and to no switch twice") {
  for (const auto& [name, cluster] : all_fabrics()) {
    INFO(name);
    REQUIRE(network_obstacle(cluster).empty());
    const auto fabric = build_fabric(cluster);
    const int most = diameter(*fabric);
    std::vector<Hop> way;
    for (Device from = 0; from < fabric->devices(); ++from) {
      for (Device to = 0; to < fabric->devices(); ++to) {
        if (from == to) continue;
        INFO(from << " to " << to);
        for (int i = 0; i < fabric->ways(from, to); ++i) {
          fabric->way(from, to, i, way);
          check_way(*fabric, way, most);
        }
      }
    }
  }
}

TEST_CASE("detours meet link by link too, and are longer than the ways") {
  for (const std::string name : {"dragonfly", "dragonfly, parallel global links", "dragonfly-plus", "hyperx"}) {
    INFO(name);
    const auto fabric = build_fabric(all_fabrics().at(name));
    std::vector<Hop> way, detour;
    for (Device from = 0; from < fabric->devices(); ++from) {
      for (Device to = 0; to < fabric->devices(); ++to) {
        for (int i = 0; i < fabric->detours(from, to); ++i) {
          fabric->way(from, to, fabric->ways(from, to) + i, detour);
          for (std::size_t at = 0; at + 1 < detour.size(); ++at)
            REQUIRE(fabric->ends(detour[at].link).to == fabric->ends(detour[at + 1].link).from);
          CHECK(fabric->ends(detour.back().link).to == fabric->devices() + to);
          fabric->way(from, to, 0, way);
          CHECK(detour.size() + 2 > way.size());
        }
      }
    }
  }
}

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

TEST_CASE(
    "a k-ary fat tree has k^3/4 links in each tier and direction, 5k^2/4 switches and half its NICs as bisection") {
  const int k = GENERATE(4, 6, 8);
  const Cluster cluster = fat_tree(k);
  const auto fabric = build_fabric(cluster);
  const int nics = k * k * k / 4;
  for (const char* level : {"leaf uplink", "leaf downlink", "pod uplink", "pod downlink"})
    CHECK(count_of(*fabric, level) == nics);
  CHECK(switch_count(cluster) == 5 * k * k / 4);
  CHECK(diameter(*fabric) == 5);
  CHECK(fabric->ways(0, nics - 1) == k * k / 4);
  const int spines = fabric->ends(link_of(*fabric, "pod uplink", 0)).from;
  const int core = fabric->ends(link_of(*fabric, "pod uplink", 0)).to;
  const auto rate = cut(*fabric, [&](Vertex vertex) { return vertex >= spines && vertex < spines + k * k / 4; });
  CHECK(core == spines + k * k / 2);
  CHECK(rate / kGigabyte ==
        Approx(10.0 * (nics / 2) * 2));  // the spines of half the pods: up to the core, down to leaves
}

TEST_CASE("a leaf-spine Clos has as many uplinks as NICs, less the oversubscription") {
  const auto [leaves, per_leaf, over] = GENERATE(table<int, int, double>({{4, 4, 1}, {8, 8, 2}, {16, 8, 4}}));
  Cluster cluster = clos("leaf-spine", leaves * per_leaf, 2, per_leaf);
  cluster.network.clos.oversubscription = over;
  const auto fabric = build_fabric(cluster);
  const int uplinks = static_cast<int>(leaves * per_leaf * 2 / over);
  CHECK(count_of(*fabric, "leaf uplink") == uplinks);
  CHECK(diameter(*fabric) == 3);
  const Vertex first_leaf = fabric->ends(fabric->nic_out(0)).to;
  const auto rate = cut(*fabric, [&](Vertex v) { return v >= first_leaf && v < first_leaf + leaves / 2; });
  CHECK(rate / kGigabyte == Approx(10.0 * uplinks / 2));
}

TEST_CASE("a three-tier Clos has oversubscription of its own at each tier") {
  const auto [pods, per_pod, above] = GENERATE(table<int, int, double>({{2, 8, 1}, {4, 16, 2}, {3, 28, 7}}));
  const Cluster cluster = clos("leaf-spine", pods * per_pod, 4, 2, per_pod, above);
  const auto fabric = build_fabric(cluster);
  const int nics = pods * per_pod * 4;
  CHECK(count_of(*fabric, "leaf uplink") == nics);
  const double total = count_of(*fabric, "pod uplink") * (fabric->levels()[6].capacity / kGigabyte);
  CHECK(fabric->levels()[6].name == "pod uplink");
  CHECK(total == Approx(nics * 10 / above));
  std::vector<Hop> path;
  fabric->path(0, fabric->devices() - 1, path);
  CHECK(path.size() == 6);
}

TEST_CASE("a rail-only network is a Clos per rail, and hands over to other rails inside the node") {
  const int nodes = GENERATE(4, 8, 16);
  const Cluster cluster = clos("rail-only", nodes, 4, nodes);
  const auto fabric = build_fabric(cluster);
  CHECK(fabric->first_network_link() == fabric->links());  // one leaf for each rail
  CHECK(switch_count(cluster) == 4);
  CHECK(diameter(*fabric) == 1);
  CHECK(path_names(*fabric, 0, 5) ==
        std::vector<std::string>{"scale-up out 0", "scale-up in 1", "nic out 1", "nic in 5"});
}

TEST_CASE("a balanced dragonfly has a = 2p = 2h, ah + 1 groups, and three hops between any two routers") {
  const int p = GENERATE(1, 2, 3);
  const int a = 2 * p, h = p, groups = a * h + 1;
  const Cluster cluster = dragonfly(p, a, h, groups);
  const auto fabric = build_fabric(cluster);
  CHECK(fabric->devices() == a * p * (a * h + 1));  // Kim et al. 2008, section 3.1
  CHECK(count_of(*fabric, "local link") == groups * a * (a - 1));
  CHECK(count_of(*fabric, "global link") == groups * a * h);
  CHECK(switch_count(cluster) == groups * a);
  CHECK(diameter(*fabric) == 4);
  const Vertex first = fabric->ends(fabric->nic_out(0)).to;
  const int half = groups / 2;
  const auto rate = cut(*fabric, [&](Vertex v) { return v >= first && v < first + half * a; });
  CHECK(rate / kGigabyte == Approx(10.0 * half * (groups - half)));  // one global link between any two groups
}

TEST_CASE("a dragonfly+ has at most a way up, a global link and a way down") {
  const int size = GENERATE(2, 3, 4);
  const int groups = size * size + 1;
  const Cluster cluster = dragonfly_plus(size, size, size, size, groups);
  const auto fabric = build_fabric(cluster);
  CHECK(fabric->devices() == groups * size * size);
  CHECK(count_of(*fabric, "leaf uplink") == groups * size * size);
  CHECK(count_of(*fabric, "global link") == groups * size * size);
  CHECK(switch_count(cluster) == groups * 2 * size);
  CHECK(diameter(*fabric) == 4);
  CHECK(fabric->ways(0, size) == size);                // over any spine of the group
  CHECK(fabric->ways(0, fabric->devices() - 1) == 1);  // over the one global link
}

TEST_CASE("a hyperx joins all routers of a line, so that each dimension takes one hop") {
  const auto [dimensions, links] = GENERATE(table<std::vector<int>, int>({{{4, 4}, 1}, {{2, 4, 6}, 1}, {{8}, 3}}));
  const Cluster cluster = grid("hyperx", dimensions, 2, links);
  const auto fabric = build_fabric(cluster);
  const int routers = fabric->devices() / 2;
  int expected = 0, factorial = links, d = 0;
  for (const int size : dimensions) {
    expected += routers * (size - 1) * links;
    factorial *= ++d;
    CHECK(count_of(*fabric, fmt::format("hyperx link {}", d - 1)) == routers * (size - 1) * links);
  }
  CHECK(fabric->links() - fabric->first_network_link() == expected);
  CHECK(diameter(*fabric) == std::ssize(dimensions) + 1);
  CHECK(fabric->ways(0, fabric->devices() - 1) == factorial);
  const Vertex first = fabric->ends(fabric->nic_out(0)).to;
  const int last = dimensions.back();
  const auto rate = cut(*fabric, [&](Vertex v) { return v >= first && v < first + routers / 2; });
  CHECK(rate / kGigabyte == Approx(10.0 * links * (routers / last) * (last / 2) * (last / 2)));
}

TEST_CASE("a torus has two links for each router, dimension and direction, and half a ring as its diameter") {
  const auto dimensions = GENERATE(values<std::vector<int>>({{4, 4}, {3, 5, 6}, {4, 2, 8}}));
  const auto fabric = build_fabric(grid("torus", dimensions));
  int expected = 0, hops = 0;
  for (const int size : dimensions) {
    expected += fabric->devices() * (size > 2 ? 2 : 1);
    hops += size / 2;
  }
  CHECK(fabric->links() - fabric->first_network_link() == expected);
  CHECK(diameter(*fabric) == hops + 1);
  const Vertex first = fabric->ends(fabric->nic_out(0)).to;
  const int last = dimensions.back(), routers = fabric->devices();
  const auto rate = cut(*fabric, [&](Vertex v) { return v >= first && v < first + routers / 2; });
  CHECK(rate / kGigabyte == Approx(10.0 * 2 * routers / last));
  CHECK(switch_count(grid("torus", dimensions)) == 0);
}

TEST_CASE("datacentres are joined by long links that add bandwidth, latency and nothing else") {
  const int count = GENERATE(2, 3, 4);
  const Cluster cluster = datacentres(count, 4 * count, LeafKind::nodes);
  const auto fabric = build_fabric(cluster);
  CHECK(count_of(*fabric, "long link") == count * (count - 1) * 3);
  CHECK(diameter(*fabric) == 4);
  CHECK(fabric->distance(0, 7) == Seconds{});
  CHECK(fabric->distance(0, fabric->devices() - 1) / second == Approx(0.5e-3));
  std::vector<std::vector<Hop>> paths(8);
  for (Device device = 0; device < 8; ++device) fabric->path(device, device + 8, paths[index(device)]);
  for (const Bandwidth rate : max_min(*fabric, paths)) CHECK(rate / kGigabyte == Approx(3 * 5 / 8.0));
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

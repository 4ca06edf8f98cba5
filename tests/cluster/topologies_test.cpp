// Every topology against its textbook: how many links and switches, what a cut through the middle carries, how far
// apart the ends are; and every way from end to end.
#include "cluster/topology.hpp"

#include "catch.hpp"
#include "samples.hpp"

#include <set>

using namespace traingrid;
using namespace traingrid::samples;

namespace {

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

TEST_CASE("a dragonfly of one group has no global links, and of routers alone no local ones") {
  CHECK(count_of(*build_fabric(dragonfly(2, 4, 2, 1)), "global link") == 0);
  const auto fabric = build_fabric(dragonfly(2, 1, 2, 3));
  CHECK(count_of(*fabric, "local link") == 0);
  CHECK(path_names(*fabric, 0, 3) == std::vector<std::string>{"nic out 0", "global link 0", "nic in 3"});
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

TEST_CASE("a twist makes a torus of unequal sides smaller across, and spreads what all send to all") {
  Cluster straight = grid("torus", {4, 4, 8}), twisted = straight;
  twisted.network.grid.twists = {{0, 2, 4}, {1, 2, 4}};
  const auto plain = build_fabric(straight), fabric = build_fabric(twisted);
  CHECK(fabric->links() == plain->links());
  CHECK(diameter(*plain) == 8 + 1);
  CHECK(diameter(*fabric) == 6 + 1);
  const auto busiest = [](const Fabric& of) {
    std::vector<double> load(index(of.links()), 0);
    std::vector<Hop> path;
    for (Device from = 0; from < of.devices(); ++from) {
      for (Device to = 0; to < of.devices(); ++to) {
        if (from == to) continue;
        of.path(from, to, path);
        for (const Hop& hop : path) load[index(hop.link)] += share_of(hop);
      }
    }
    return *std::max_element(load.begin() + of.first_network_link(), load.end());
  };
  CHECK(busiest(*plain) == Approx(128));
  CHECK(busiest(*fabric) == Approx(220.0 / 3));
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

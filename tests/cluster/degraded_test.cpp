// What of a cluster is not as it should be, and every message about fabrics that cannot be built, as files say it.
#include "cluster/degraded.hpp"

#include "catalogue.hpp"
#include "fabrics.hpp"
#include "input/settings.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace traingrid;

namespace {

/// A cluster file with this network and these other keys, read with all that it refers to.
struct Reading {
  Cluster cluster;
  std::string message;
};
Reading read(const std::string& network, const std::string& others = "", const std::string& node = "",
             const std::vector<std::string>& sets = {}) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("traingrid_fabric_{}.yaml", ::getpid());
  std::ofstream(path) << "base: selene\n" << others << "node: {" << node << "}\nnetwork:\n" << network;
  Inputs inputs(source_catalogue());
  const Settings settings(sets, {{"cluster", Outline::of<Cluster>()}}, inputs);
  Document document = inputs.open<Cluster>("clusters", path.string());
  settings.apply(document);
  Reading reading{inputs.read<Cluster>(document), inputs.problems().text()};
  const std::string shown = path.string();
  for (std::size_t at = 0; (at = reading.message.find(shown, at)) != std::string::npos;)
    reading.message.replace(at, shown.size(), "file");
  std::filesystem::remove(path);
  return reading;
}

/// The first line of what is wrong.
std::string problem(const std::string& network, const std::string& others = "", const std::string& node = "") {
  const std::string message = read(network, others, node).message;
  return message.substr(0, message.find('\n'));
}

/// Takes the keys of the base's topology away.
const std::string kNotClos = "  nodes_per_leaf: null\n  oversubscription: null\n";

}  // namespace

TEST_CASE("a cluster file says which links, accelerators and nodes are not as they should be") {
  const auto [cluster, message] = read("  switch: {ports: 64}\n",
                                       "degraded:\n  links:\n    - {level: nic, number: 3, rate: 0.5}\n"
                                       "    - {level: leaf uplink, number: 40, rate: 0}\n"
                                       "  accelerators: [{number: 17, slowdown: 1.1}]\n  nodes_out: [2, 5]\n");
  CHECK(message == "");
  const auto fabric = build_fabric(cluster);
  const Overrides overrides = overrides_of(cluster, *fabric);
  REQUIRE(overrides.links.size() == 3);
  CHECK(overrides.links[0].link == link_of(*fabric, "nic out", 3));
  CHECK(overrides.links[1].link == link_of(*fabric, "nic in", 3));
  CHECK(overrides.links[2].link == link_of(*fabric, "leaf uplink", 40));
  CHECK(overrides.links[2].rate == 0);
  CHECK(overrides.devices[0].device == 17);
  CHECK(overrides.nodes_out == std::vector<std::int32_t>{2, 5});
}

TEST_CASE("degradations of nodes that a run does not use are left out") {
  Cluster cluster = fabric_cluster("leaf-spine", 8);
  cluster.network.clos.nodes_per_leaf = 2;
  cluster.degraded = {.links = {{"nic", 6, 0.5}, {"leaf uplink", 1, 0}}, .accelerators = {{7, 2}}, .nodes_out = {1, 6}};
  cluster.nodes = 4;
  const Overrides overrides = overrides_of(cluster, *build_fabric(cluster));
  CHECK(overrides.links.size() == 1);
  CHECK(overrides.devices.empty());
  CHECK(overrides.nodes_out.size() == 1);
}

TEST_CASE("nodes of another generation are known by their numbers") {
  const auto [cluster, message] = read("  switch: {ports: 64}\n",
                                       "generations: [{first_node: 8, nodes: 4, accelerator: v100-sxm2-32gb}, "
                                       "{first_node: 12, nodes: 1, accelerator: v100-sxm2-32gb}]\n");
  CHECK(message == "");
  CHECK(cluster.generation_of(7) == -1);
  CHECK(cluster.generation_of(8) == 0);
  CHECK(cluster.generation_of(11) == 0);
  CHECK(cluster.generation_of(12) == 1);
  CHECK(cluster.generations[0].accelerator.name.find("V100") != std::string::npos);
}

TEST_CASE("degradations of what is not there are problems that say what there is") {
  const std::string network = "  switch: {ports: 64}\n";
  const auto degraded = [&](const std::string& what) {
    return problem(network, fmt::format("degraded: {{{}}}\n", what));
  };
  CHECK(
      degraded("links: [{level: trunk, number: 0, rate: 0.5}]") ==
      "file:2:1: there are no links 'trunk' to degrade; there are 'scale-up out', 'scale-up in', 'nic out', 'nic in', "
      "'host out', 'host in', 'host memory', 'leaf uplink', 'leaf downlink'");
  CHECK(degraded("links: [{level: nic, number: 4480, rate: 0.5}]") ==
        "file:2:1: there is no 'nic out 4480' to degrade; there are 4480, numbered from 0");
  CHECK(degraded("links: [{level: nic out, number: 1, rate: 0}]") ==
        "file:2:1: without 'nic out 1' accelerators cannot be reached; name their node in nodes_out");
  CHECK(degraded("links: [{level: nic, number: 1, rate: 1.5}]") ==
        "file:2:50: 'rate' must be between 0 and 1, not '1.5'");
  CHECK(degraded("accelerators: [{number: 4480, slowdown: 2}]") ==
        "file:2:1: there is no accelerator 4480 to degrade; there are 4480, numbered from 0");
  CHECK(degraded("nodes_out: [560]") == "file:2:1: there is no node 560 to leave out; there are 560, numbered from 0");
  CHECK(problem(network, "generations: [{first_node: 559, nodes: 2, accelerator: v100-sxm2-32gb}]\n") ==
        "file:2:1: a generation of nodes 559 to 560, but there are only 560");
  CHECK(problem(network,
                "generations: [{first_node: 5, nodes: 2, accelerator: v100-sxm2-32gb}, "
                "{first_node: 6, nodes: 2, accelerator: v100-sxm2-32gb}]\n") ==
        "file:2:1: generations must be in order and not overlap: node 6 is in two");
}

TEST_CASE("a key that the topology does not use is a problem, and an unknown topology is one problem") {
  CHECK(problem("  groups: 9\n").starts_with("file:4:3: 'network' has no key 'groups'"));
  CHECK(problem("  topology: rail-only\n  rail_forwarding: true\n")
            .starts_with("file:5:3: 'network' has no key 'rail_forwarding'"));
  CHECK(problem("  routing_seed: 3\n").starts_with("file:4:3: 'network' has no key 'routing_seed'"));
  CHECK(problem("  routing: ecmp\n  routing_seed: 3\n") == "");
  const std::string message = read("  topology: ring\n").message;
  CHECK(
      message.starts_with("file:4:3: unknown topology 'ring'; known: rail-optimised, rail-only, leaf-spine, fat-tree"));
  CHECK(message.find('\n', message.find("^")) == std::string::npos);
}

TEST_CASE("parameters that do not multiply out are problems with their numbers") {
  CHECK(problem("  topology: torus\n  dimensions: [16, 16, 16]\n" + kNotClos) ==
        "file:3:1: 16 x 16 x 16 routers with 1 NICs each carry 4096 NICs, but 560 nodes have 4480");
  CHECK(problem("  topology: torus\n  dimensions: [16, 28, 10]\n  lines: [3]\n" + kNotClos) ==
        "file:6:3: there are only 3 dimensions, counted from 0");
  const auto twisted = [](const std::string& twists) {
    return problem("  topology: torus\n  dimensions: [16, 28, 10]\n  lines: [0]\n" + kNotClos + "  twists: [" + twists +
                   "]\n");
  };
  CHECK(twisted("{dimension: 1, along: 2, by: 5}") == "");
  CHECK(twisted("{dimension: 1, along: 3, by: 5}") == "file:9:3: there are only 3 dimensions, counted from 0");
  CHECK(twisted("{dimension: 1, along: 0, by: 5}") ==
        "file:9:3: a twist is between two dimensions that close to rings");
  CHECK(twisted("{dimension: 1, along: 2, by: 10}") ==
        "file:9:3: a twist by 10 is no less than the 10 routers along dimension 2");
  CHECK(twisted("{dimension: 1, along: 2, by: 5}, {dimension: 1, along: 2, by: 3}") ==
        "file:9:3: dimension 1 is twisted twice");
  CHECK(twisted("{dimension: 1, along: 2, by: 5}, {dimension: 2, along: 1, by: 3}") ==
        "file:9:3: dimension 2 is twisted itself; others cannot be twisted along it");
  CHECK(problem("  topology: torus\n  dimensions: []\n" + kNotClos) == "file:5:3: needs at least one dimension");
  CHECK(problem("  topology: torus\n" + kNotClos).starts_with("file:3:1: 'network' lacks the key 'dimensions'"));
  CHECK(problem("  topology: hyperx\n  dimensions: [40, 7]\n  nics_per_router: 16\n" + kNotClos) ==
        "file:3:1: a router needs 61 ports for its NICs and links; the switch has 40");
  const std::string dragonfly = "  topology: dragonfly\n  nics_per_router: 4\n" + kNotClos;
  CHECK(problem(dragonfly + "  groups: 35\n  routers_per_group: 32\n  global_links_per_router: 2\n") ==
        "file:3:1: the 64 global links of a group do not go evenly to 34 other groups");
  CHECK(problem(dragonfly + "  groups: 33\n  routers_per_group: 32\n  global_links_per_router: 1\n") ==
        "file:3:1: 33 x 32 routers with 4 NICs each carry 4224 NICs, but 560 nodes have 4480");
  CHECK(problem("  topology: fat-tree\n  switch: {ports: 24}\n" + kNotClos) ==
        "file:3:1: a fat tree of 24-port switches carries 3456 NICs, but 560 nodes have 4480");
  CHECK(problem("  nodes_per_pod: 50\n") == "file:3:1: a pod of 50 nodes is no whole number of leaves of 20 nodes");
  CHECK(problem("  pod_oversubscription: 2\n") == "file:3:1: pod_oversubscription has no effect without nodes_per_pod");
  CHECK(problem("  nodes_per_leaf: 30\n") ==
        "file:3:1: a leaf needs 60 ports for its nodes and uplinks; the switch has 40");
  CHECK(problem("  topology: multi-datacentre\n  datacentres: 3\n  long_links: 4\n  long_bandwidth: 400 Gbps\n"
                "  long_latency: 0.5 ms\n") ==
        "file:3:1: 560 nodes do not fill 3 datacentres with leaves of 20 nodes each");
}

TEST_CASE("more links than can be numbered, or ways than can be weighed, are a problem") {
  CHECK(problem("  topology: torus\n  dimensions: [16, 28, 10]\n  links_per_pair: 8192\n" + kNotClos) ==
        "file:3:1: 65536 ways between two routers; at most 65535 are modelled");
  CHECK(problem("  topology: torus\n  dimensions: [16, 28, 10]\n  links_per_pair: 100000\n" + kNotClos) ==
        "file:3:1: 4480 routers with 600000 links each; at most 1e+09 links are modelled");
  CHECK(problem("  topology: hyperx\n  dimensions: [560]\n  nics_per_router: 8\n  links_per_pair: 65536\n" + kNotClos)
            .starts_with("file:3:1: 560 routers with 36634624 links each"));
  CHECK(problem("  topology: dragonfly\n  nics_per_router: 2240\n  groups: 2\n  routers_per_group: 1\n"
                "  global_links_per_router: 70000\n" +
                kNotClos) == "file:3:1: 70000 ways between two routers; at most 65535 are modelled");
  CHECK(problem("  switch: {ports: 1000000}\n  nodes_per_leaf: 140000\n", "nodes: 280000\n") ==
        "file:4:1: 140000 ways between two leaves; at most 65535 are modelled");
}

TEST_CASE("routing and scale-up topologies that cannot be are problems") {
  CHECK(problem("  routing: random\n") ==
        "file:4:3: unknown routing 'random'; known: spray, single, ecmp, adaptive, valiant");
  CHECK(problem("  routing: valiant\n") == "file:3:1: 'rail-optimised' has no detours to route by 'valiant'");
  CHECK(problem("  hop_latency: 1 us\n", "", "scale_up_topology: star") ==
        "file:2:8: unknown scale-up topology 'star'; known: switch, pcie-tree, hybrid-cube-mesh, full-mesh, none");
  CHECK(problem("  hop_latency: 1 us\n", "", "scale_up_topology: pcie-tree, accelerators_per_pcie_switch: 3") ==
        "file:2:8: 8 accelerators are no whole number of PCIe switches with 3 each");
  CHECK(problem("  hop_latency: 1 us\n", "", "kernels_share_memory: true") ==
        "file:2:8: needs `memory_link: true`, the link that they share");
  CHECK(problem("  hop_latency: 1 us\n", "", "accelerators_per_pcie_switch: 4")
            .starts_with("file:2:8: 'node' has no key 'accelerators_per_pcie_switch'"));
}

TEST_CASE("an edge list that is in pieces, has a dead link or a route that loops is a problem") {
  const auto edges = [](const std::string& list, const std::string& routes = "") {
    return problem("  topology: edge-list\n" + kNotClos + fmt::format("  edges: [{}]\n", list) + routes, "nodes: 2\n",
                   "nics: 1");
  };
  const std::string good = "{from: n0, to: s, bandwidth: 1 GB/s}, {from: s, to: n1, bandwidth: 1 GB/s}";
  CHECK(edges(good) == "");
  CHECK(edges("{from: n0, to: a, bandwidth: 1 GB/s}, {from: b, to: n1, bandwidth: 1 GB/s}") ==
        "file:4:1: the network is in pieces: no way leads from n1 to n0");
  CHECK(edges("{from: n0, to: a, bandwidth: 1 GB/s}") == "file:4:1: no edge leads to n1.0, nor to n1");
  CHECK(edges("{from: n0, to: s, bandwidth: 0 GB/s}") ==
        "file:8:40: 'bandwidth' must be between 10^3 and 10^24 per second, not '0 GB/s'");
  CHECK(edges("{from: n0, to: n0, bandwidth: 1 GB/s}") == "file:8:22: an edge from a vertex to itself carries nothing");
  CHECK(edges(good + ", {from: s, to: t, bandwidth: 1 GB/s}", "  routes: [{from: n0, to: n1, via: [s, t, s]}]\n") ==
        "file:9:3: the route from n0 to n1 loops: it comes to 's' twice");
  CHECK(edges(good, "  routes: [{from: n0, to: n1, via: [u]}]\n") ==
        "file:9:3: the route from n0 to n1 passes 'u', which no edge names");
  CHECK(edges(good, "  routes: [{from: n0, to: n1, via: []}]\n") ==
        "file:9:3: the route from n0 to n1 needs an edge from 'n0' to 'n1'");
}

TEST_CASE("flows take the routes that an edge list prescribes, and else shortest ways") {
  Cluster cluster = fabric_cluster("edge-list", 2);
  const auto rate = 1e10 * byte / second;
  cluster.network.edge_list = {.edges = {{"n0", "a", rate, 1 * second},
                                         {"a", "n1", rate, 1 * second},
                                         {"a", "b", rate, 1 * second},
                                         {"b", "n1", rate, 1 * second}},
                               .routes = {{"n0", "n1", {"a", "b"}}}};
  const auto fabric = build_fabric(cluster);
  using Names = std::vector<std::string>;
  CHECK(path_names(*fabric, 0, 1) == Names{"nic out 0", "edge n0 -> a", "edge a -> b", "edge b -> n1", "nic in 1"});
  CHECK(path_names(*fabric, 1, 0) == Names{"nic out 1", "edge n1 -> a", "edge a -> n0", "nic in 0"});
  CHECK(fabric->distance(0, 1) / second == 3);
  CHECK(switch_count(cluster) == 2);
}

TEST_CASE("keys of every topology are known to --set and listed once") {
  const auto outline = Outline::of<Cluster>();
  for (const std::string key : {"nodes_per_leaf", "rail_forwarding", "groups", "dimensions", "lines", "long_latency",
                                "spines_per_group", "nics_per_router", "edges", "file", "routing_seed"}) {
    INFO(key);
    CHECK(std::ranges::count(outline.paths(), "network." + key) == 1);
  }
  const auto [cluster, message] = read("  hop_latency: 1 us\n", "", "", {"network.oversubscription=4"});
  CHECK(message == "");
  CHECK(cluster.network.clos.oversubscription == 4);
  CHECK(count_of(*build_fabric(cluster), "leaf uplink") == 28 * 8 * 5);
}

TEST_CASE("every switch beyond the first adds its latency to the way") {
  Cluster cluster = fabric_cluster("leaf-spine", 24);
  cluster.network.clos = {.nodes_per_leaf = 2, .nodes_per_pod = 8};
  cluster.network.hop_latency = 1 * second;
  const auto fabric = build_fabric(cluster);
  CHECK(fabric->distance(0, 1) / second == 0);
  CHECK(fabric->distance(0, 2) / second == 2);
  CHECK(fabric->distance(0, 8) / second == 4);
}

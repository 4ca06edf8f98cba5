#include "collective/collective.hpp"

#include "catch.hpp"
#include "cluster/fabric.hpp"
#include "toy.hpp"

#include <numeric>
#include <set>

using namespace traingrid;

namespace {

using Nodes = std::vector<int>;

std::vector<Flow> ring_flows(const Nodes& nodes) {
  return ring_phases(Collective::all_reduce, shape_of(nodes)).front().flows(nodes);
}
Phase ring(Collective kind, int members) { return ring_phases(kind, {members, 1, members}).front(); }

/// Share of the volume that each member sends, and that each receives.
struct Loads {
  std::vector<double> sent, received;
};

Loads loads(const Nodes& nodes) {
  Loads loads{std::vector<double>(nodes.size(), 0), std::vector<double>(nodes.size(), 0)};
  for (const Flow& flow : ring_flows(nodes)) {
    loads.sent[static_cast<std::size_t>(flow.from)] += flow.share;
    loads.received[static_cast<std::size_t>(flow.to)] += flow.share;
  }
  return loads;
}

/// Share of the volume that each member sends to other nodes.
std::vector<double> sent_away(const Nodes& nodes) {
  std::vector<double> shares(nodes.size(), 0);
  for (const Flow& flow : ring_flows(nodes)) {
    const auto from = static_cast<std::size_t>(flow.from), to = static_cast<std::size_t>(flow.to);
    if (nodes[from] != nodes[to]) shares[from] += flow.share;
  }
  return shares;
}

/// `members` on each of `nodes`, node by node.
Nodes spread(int nodes, int members) {
  Nodes list;
  for (int node = 0; node < nodes; ++node) list.insert(list.end(), static_cast<std::size_t>(members), node);
  return list;
}

}  // namespace

TEST_CASE("a ring all-reduce of n ranks moves 2(n-1)/n of the message in 2(n-1) steps") {
  const int n = GENERATE(2, 3, 8, 1000);
  CHECK(ring(Collective::all_reduce, n).volume == Approx(2.0 * (n - 1) / n));
  CHECK(ring(Collective::all_reduce, n).scale_up_steps == 2 * (n - 1));
}

TEST_CASE("a reduce-scatter and an all-gather are the two halves of an all-reduce") {
  const int n = GENERATE(2, 3, 8, 1000);
  for (const Collective half : {Collective::reduce_scatter, Collective::all_gather}) {
    CHECK(2 * ring(half, n).volume == ring(Collective::all_reduce, n).volume);
    CHECK(2 * ring(half, n).scale_up_steps == ring(Collective::all_reduce, n).scale_up_steps);
  }
}

TEST_CASE("every member of a ring sends and receives the whole volume once") {
  const Nodes nodes = GENERATE(values<Nodes>({{0, 0}, {0, 0, 0, 0}, {0, 1, 2}, {0, 0, 1, 1}, {0, 1, 0, 1}, {0, 0, 1}}));
  const Loads sum = loads(nodes);
  for (std::size_t member = 0; member < nodes.size(); ++member) {
    CHECK(sum.sent[member] == Approx(1));
    CHECK(sum.received[member] == Approx(1));
  }
}

TEST_CASE("inside a node there is one ring through all members") {
  CHECK(ring_flows(Nodes{7, 7, 7}) == std::vector<Flow>{{0, 1, 1}, {1, 2, 1}, {2, 0, 1}});
}

TEST_CASE("with q members per node each member's NIC carries 1/q of the volume") {
  const int q = GENERATE(1, 2, 4, 8), count = GENERATE(2, 3, 5);
  for (const double share : sent_away(spread(count, q))) CHECK(share == Approx(1.0 / q));
}

TEST_CASE("nodes with different numbers of members have as many rings as the smallest has members") {
  for (const double share : sent_away({0, 0, 0, 1, 1})) CHECK(share <= Approx(0.5));
  const std::vector<double> rings = sent_away({0, 0, 0, 1, 1});
  CHECK(std::accumulate(rings.begin(), rings.end(), 0.0) == Approx(2));  // the whole volume leaves each node once
}

TEST_CASE("a lone member of a node makes it one ring, which leaves each node once") {
  const std::vector<double> away = sent_away({0, 0, 0, 1, 2, 2});
  CHECK(std::accumulate(away.begin(), away.end(), 0.0) == Approx(3));
  const auto flows = ring_flows(Nodes{0, 0, 0, 1, 2, 2});
  CHECK(flows.size() == 6);
  for (const Flow& flow : flows) CHECK(flow.share == 1);
}

TEST_CASE("members of a node need not be neighbours in the group") {
  for (const double share : sent_away({0, 1, 0, 1})) CHECK(share == Approx(0.5));
}

TEST_CASE("following the flows from any member leads through all members") {
  const Nodes nodes = GENERATE(values<Nodes>({{0, 0, 0, 0}, {0, 1, 2}, {0, 0, 1, 1, 2, 2}, {0, 0, 1}}));
  std::set<std::int32_t> reached{0};
  for (std::size_t round = 0; round < nodes.size(); ++round) {
    for (const Flow& flow : ring_flows(nodes)) {
      if (reached.contains(flow.from)) reached.insert(flow.to);
    }
  }
  CHECK(reached.size() == nodes.size());
}

TEST_CASE("two rails of a rail-optimised fabric each carry half of a ring of two members per node") {
  const auto fabric = build_fabric(toy_cluster({.nodes = 3, .accelerators = 2, .nics = 2, .nodes_per_leaf = 4}));
  std::vector<double> load(static_cast<std::size_t>(fabric->links()), 0);
  std::vector<Hop> path;
  for (const Flow& flow : ring_flows(spread(3, 2))) {
    fabric->path(flow.from, flow.to, path);
    for (const Hop& hop : path) load[static_cast<std::size_t>(hop.link)] += hop.weight * flow.share;
  }
  for (const LinkLevel& level : fabric->levels()) {
    if (!level.name.starts_with("nic")) continue;
    for (LinkId link = level.first; link < level.first + level.count; ++link) {
      INFO(fabric->link_name(link));
      CHECK(load[static_cast<std::size_t>(link)] == Approx(0.5));
    }
  }
}

#include "catch.hpp"
#include "flows.hpp"

#include <numeric>

using namespace traingrid;

namespace {

constexpr std::array kKinds{Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather,
                            Collective::broadcast, Collective::all_to_all};

std::vector<Phase> phases(std::string_view name, Collective kind, const Nodes& nodes) {
  return find_algorithm(name)->phases(kind, shape_of(nodes));
}
bool applies(std::string_view name, Collective kind, const Nodes& nodes) {
  return find_algorithm(name)->applies(kind, shape_of(nodes));
}
double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Bytes of a message of one byte that a member sends to other nodes over all phases, at most and in all.
struct Away {
  double most = 0, total = 0;
};
Away sent_away(std::string_view name, Collective kind, const Nodes& nodes) {
  Away away;
  for (const Phase& phase : phases(name, kind, nodes)) {
    const Loads sum = loads(phase.flows(nodes), nodes);
    away.most += phase.volume * std::ranges::max(sum.sent_away);
    away.total += phase.volume * total(sum.sent_away);
  }
  return away;
}

const std::vector<Nodes> kGroups{spread(1, 2), spread(1, 3), spread(1, 8), spread(2, 1), spread(5, 1), spread(2, 2),
                                 spread(2, 8), spread(3, 4), spread(4, 8), spread(7, 2), spread(16, 4)};

}  // namespace

TEST_CASE("no member sends or receives more than its algorithm says, and some one does as much") {
  for (const Algorithm& algorithm : algorithms()) {
    for (const Nodes& nodes : kGroups) {
      for (const Collective kind : kKinds) {
        if (!algorithm.applies(kind, shape_of(nodes))) continue;
        INFO(algorithm.name << " " << spelling(kind) << " of " << nodes.size() << " on " << nodes.back() + 1);
        for (const Phase& phase : algorithm.phases(kind, shape_of(nodes))) {
          const Loads sum = loads(phase.flows(nodes), nodes);
          CHECK(sum.most_inside() <= Approx(std::max(phase.scale_up_share, 1e-12)));
          CHECK(sum.most_away() <= Approx(std::max(phase.network_share, 1e-12)));
          const bool full =
              sum.most_inside() == Approx(phase.scale_up_share) || sum.most_away() == Approx(phase.network_share);
          CHECK(full);
        }
      }
    }
  }
}

TEST_CASE("what is sent inside a node and between nodes is received there") {
  for (const Algorithm& algorithm : algorithms()) {
    if (algorithm.name == "nvls") continue;  // a switch that only reduces takes in more than it gives out
    for (const Nodes& nodes : kGroups) {
      for (const Collective kind : kKinds) {
        if (!algorithm.applies(kind, shape_of(nodes))) continue;
        INFO(algorithm.name << " " << spelling(kind) << " of " << nodes.size());
        for (const Phase& phase : algorithm.phases(kind, shape_of(nodes))) {
          const Loads sum = loads(phase.flows(nodes), nodes);
          CHECK(total(sum.sent_inside) == Approx(total(sum.received_inside)));
          CHECK(total(sum.sent_away) == Approx(total(sum.received_away)));
        }
      }
    }
  }
}

TEST_CASE("a tree all-reduce sends the message up and down every edge between nodes once, in logarithmic steps") {
  const int nodes = GENERATE(2, 3, 4, 7, 64, 1000), members = GENERATE(1, 2, 8);
  const Nodes group = spread(nodes, members);
  CHECK(sent_away("tree", Collective::all_reduce, group).total == Approx(2.0 * (nodes - 1)));
  CHECK(sent_away("tree", Collective::broadcast, group).total == Approx(nodes - 1));
  const Phase tree = phases("tree", Collective::all_reduce, group).front();
  CHECK(tree.network_steps == 2 * std::floor(std::log2(nodes)));
  CHECK(tree.scale_up_steps == 2 * (members - 1));
  CHECK(total(loads(tree.flows(group), group).sent_inside) == Approx(2.0 * nodes * (members - 1)));
}

TEST_CASE("from four nodes on, the NICs of a tree carry twice the message over the members of a node") {
  const int nodes = GENERATE(4, 5, 8, 100), members = GENERATE(1, 8);
  CHECK(sent_away("tree", Collective::all_reduce, spread(nodes, members)).most == Approx(2.0 / members));
  CHECK(sent_away("nvls-tree", Collective::all_reduce, spread(nodes, 8)).most == Approx(2.0 / 8));
}

TEST_CASE("both trees of a pair lead from every node to their root") {
  const int nodes = GENERATE(2, 3, 6, 9, 32);
  const Nodes group = spread(nodes, 1);
  std::vector<std::vector<int>> parents(group.size());
  for (const Flow& flow : phases("tree", Collective::broadcast, group).front().flows(group))
    parents[static_cast<std::size_t>(flow.to)].push_back(flow.from);
  std::size_t roots = 0;
  for (const auto& list : parents) {
    CHECK(list.size() <= 2);
    roots += 2 - list.size();
  }
  CHECK(roots == 2);
}

TEST_CASE("hierarchical collectives send between nodes what a ring of one member per node does, on every rail") {
  const int nodes = GENERATE(2, 3, 8), members = GENERATE(2, 8);
  const Nodes group = spread(nodes, members);
  const double ring = 2.0 * (nodes - 1) / nodes;
  CHECK(sent_away("hierarchical", Collective::all_reduce, group).most == Approx(ring / members));
  CHECK(sent_away("hierarchical", Collective::reduce_scatter, group).most == Approx(ring / 2 / members));
  double network = 0, inside = 0;
  for (const Phase& phase : phases("hierarchical", Collective::all_reduce, group)) {
    network += phase.network_steps;
    inside += phase.scale_up_steps;
  }
  CHECK(network == 2 * (nodes - 1));
  CHECK(inside == 2 * (members - 1));
}

TEST_CASE("halving and doubling moves as much as a ring in a logarithm of its steps") {
  const int members = GENERATE(2, 4, 64, 1024);
  double volume = 0;
  const auto list = phases("halving-doubling", Collective::all_reduce, spread(1, members));
  for (const Phase& phase : list) volume += phase.volume;
  CHECK(volume == Approx(2.0 * (members - 1) / members));
  CHECK(static_cast<double>(list.size()) == 2 * std::log2(members));
}

TEST_CASE("beyond a power of two, halving and doubling folds the others in and tells them the result") {
  const Nodes group = spread(1, 7);
  const auto list = phases("halving-doubling", Collective::all_reduce, group);
  REQUIRE(list.size() == 6);
  CHECK(list.front().flows(group) == std::vector<Flow>{{1, 0, 1}, {3, 2, 1}, {5, 4, 1}});
  CHECK(list.back().flows(group) == std::vector<Flow>{{0, 1, 1}, {2, 3, 1}, {4, 5, 1}});
  CHECK(list[1].flows(group) == std::vector<Flow>{{0, 2, 1}, {2, 0, 1}, {4, 6, 1}, {6, 4, 1}});
  CHECK_FALSE(applies("halving-doubling", Collective::reduce_scatter, group));
}

TEST_CASE("every way to do an all-to-all hands each member's n-th part to each other member") {
  const int nodes = GENERATE(1, 2, 4), members = GENERATE(2, 4);
  const Nodes group = spread(nodes, members);
  const double n = nodes * members, away = (n - members) / n;
  for (const auto* name : {"direct", "pairwise", "pxn"}) {
    INFO(name);
    CHECK(sent_away(name, Collective::all_to_all, group).total == Approx(n * away));
  }
  CHECK(sent_away("direct", Collective::all_to_all, group).most == Approx(away));
  CHECK(sent_away("pxn", Collective::all_to_all, group).most == Approx(away));
  CHECK(phases("pairwise", Collective::all_to_all, group).size() == group.size() - 1);
}

TEST_CASE("by rail, an all-to-all of 256 members on 4 nodes has few flows, which stay on their rails") {
  const Nodes group = spread(4, 64);
  const auto flows = phases("pxn", Collective::all_to_all, group).front().flows(group);
  CHECK(flows.size() == 2 * 256 + 4 * 3 * 64);
  for (const Flow& flow : flows) {
    if (flow.from >= 0 && flow.to >= 0) CHECK(flow.from % 64 == flow.to % 64);
  }
}

TEST_CASE("in the switch of a node, links carry the message once each way and the n-th part more") {
  const Nodes group = spread(1, 8);
  const Phase reduce = phases("nvls", Collective::all_reduce, group).front();
  CHECK(reduce.volume == Approx(9.0 / 8));
  const Loads gather = loads(phases("nvls", Collective::all_gather, group).front().flows(group), group);
  CHECK(gather.sent_inside.front() == Approx(1.0 / 8));
  CHECK(gather.received_inside.front() == 1);
  const Loads scatter = loads(phases("nvls", Collective::reduce_scatter, group).front().flows(group), group);
  CHECK(scatter.sent_inside.front() == 1);
  CHECK(scatter.received_inside.front() == Approx(1.0 / 8));
}

TEST_CASE("in the switches between nodes, every NIC carries its member's part once each way") {
  const int nodes = GENERATE(2, 16), members = GENERATE(1, 8);
  const Nodes group = spread(nodes, members);
  CHECK(sent_away("sharp", Collective::all_reduce, group).most == Approx(1.0 / members));
  CHECK(phases("sharp", Collective::all_reduce, group).front().network_steps == 1);
}

TEST_CASE("algorithms say where they do not apply") {
  CHECK_FALSE(applies("nvls", Collective::all_reduce, spread(2, 8)));
  CHECK_FALSE(applies("nvls", Collective::all_reduce, spread(1, 2)));
  CHECK_FALSE(applies("nvls-tree", Collective::all_reduce, spread(1, 8)));
  CHECK_FALSE(applies("nvls-tree", Collective::all_gather, spread(2, 8)));
  CHECK_FALSE(applies("sharp", Collective::all_reduce, spread(1, 8)));
  CHECK_FALSE(applies("hierarchical", Collective::all_reduce, {0, 0, 1}));
  CHECK_FALSE(applies("pxn", Collective::all_to_all, {0, 0, 1}));
  CHECK_FALSE(applies("pxn", Collective::all_reduce, spread(2, 2)));
  CHECK_FALSE(applies("ring", Collective::all_to_all, spread(2, 2)));
  CHECK_FALSE(applies("tree", Collective::all_gather, spread(2, 2)));
  CHECK_FALSE(applies("pairwise", Collective::all_to_all, spread(1, 300)));
  CHECK_FALSE(applies("direct", Collective::all_to_all, spread(1, 2000)));
}

TEST_CASE("a tree of nodes with different numbers of members has as many heads as the smallest") {
  const Nodes group{0, 0, 0, 1, 1};
  const auto flows = phases("tree", Collective::all_reduce, group).front().flows(group);
  const Loads sum = loads(flows, group);
  CHECK(total(sum.sent_away) == Approx(2));
  CHECK(total(sum.sent_inside) == Approx(2.0 * (2 + 1)));
}

TEST_CASE("every algorithm of the table says what it is and is found by its name") {
  for (const Algorithm& algorithm : algorithms()) {
    CHECK(find_algorithm(algorithm.name) == &algorithm);
    CHECK_FALSE(algorithm.summary.empty());
  }
  CHECK(find_algorithm("carrier pigeon") == nullptr);
}

TEST_CASE("bus bandwidth is that of nccl-tests") {
  CHECK(bus_factor(Collective::all_reduce, 8) == Approx(1.75));
  CHECK(bus_factor(Collective::all_gather, 8) == Approx(0.875));
  CHECK(bus_factor(Collective::all_to_all, 4) == Approx(0.75));
  CHECK(bus_factor(Collective::broadcast, 8) == 1);
}

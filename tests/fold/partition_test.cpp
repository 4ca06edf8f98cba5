// Coarsest equitable partitions of graphs small enough to know them, and of random ones checked by a naive refinement.
#include "fold/partition.hpp"

#include "catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

using namespace traingrid;

namespace {

struct Edge {
  NodeId a, b;
  std::uint32_t label = 0;
};

LabelledGraph make_graph(std::size_t nodes, const std::vector<Edge>& edges) {
  return LabelledGraph(nodes, [&](auto emit) {
    for (const Edge& edge : edges) emit(edge.a, edge.b, edge.label);
  });
}

std::vector<Edge> cycle(NodeId first, NodeId count) {
  std::vector<Edge> edges;
  for (NodeId i = 0; i < count; ++i) edges.push_back({first + i, first + (i + 1) % count});
  return edges;
}

Partition all_alike(std::size_t nodes) { return partition_by(std::vector<std::uint64_t>(nodes, 0)); }

/// Classes renumbered by first appearance.
std::vector<ClassId> canonical(const Partition& partition) {
  return partition_by({partition.class_of.begin(), partition.class_of.end()}).class_of;
}

std::vector<ClassId> coarsest(std::size_t nodes, const std::vector<Edge>& edges) {
  return canonical(refine(make_graph(nodes, edges), all_alike(nodes)));
}

/// Splits all classes by all neighbours, again and again, until nothing changes.
std::vector<ClassId> naively_refined(const LabelledGraph& graph, std::vector<ClassId> classes) {
  for (;;) {
    using Signature = std::pair<ClassId, std::multiset<std::pair<std::uint32_t, ClassId>>>;
    std::map<Signature, ClassId> ids;
    std::vector<ClassId> finer;
    for (std::size_t node = 0; node < graph.nodes(); ++node) {
      Signature signature{classes[node], {}};
      for (auto [neighbour, label] : graph.neighbours(static_cast<NodeId>(node))) {
        signature.second.emplace(label, classes[static_cast<std::size_t>(neighbour)]);
      }
      finer.push_back(ids.try_emplace(signature, static_cast<ClassId>(ids.size())).first->second);
    }
    if (finer == classes) return classes;
    classes = finer;
  }
}

/// A random graph in which every node of a small random graph stands for four nodes that are alike.
LabelledGraph random_lift(std::mt19937& random) {
  constexpr NodeId kNodes = 7, kEdges = 11, kCopies = 4;
  std::uniform_int_distribution<NodeId> any_node(0, kNodes - 1);
  std::uniform_int_distribution<std::uint32_t> any_label(0, 1);
  std::vector<Edge> edges;
  std::vector<NodeId> copies{0, 1, 2, 3};
  for (NodeId edge = 0; edge < kEdges; ++edge) {
    const NodeId a = any_node(random), b = any_node(random);
    const std::uint32_t label = any_label(random);
    std::ranges::shuffle(copies, random);
    for (NodeId copy = 0; copy < kCopies; ++copy) {
      if (a != b) edges.push_back({a * kCopies + copy, b * kCopies + copies[static_cast<std::size_t>(copy)], label});
    }
  }
  return make_graph(kNodes * kCopies, edges);
}

LabelledGraph random_graph(std::mt19937& random, NodeId nodes, int edges) {
  std::uniform_int_distribution<NodeId> any_node(0, nodes - 1);
  std::uniform_int_distribution<std::uint32_t> any_label(0, 2);
  std::vector<Edge> list;
  for (int edge = 0; edge < edges; ++edge) list.push_back({any_node(random), any_node(random), any_label(random)});
  return make_graph(static_cast<std::size_t>(nodes), list);
}

}  // namespace

TEST_CASE("the ends of a path are alike, as are the nodes next to them") {
  CHECK(coarsest(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}) == std::vector<ClassId>{0, 1, 2, 1, 0});
}

TEST_CASE("all nodes of a cycle are alike") { CHECK(coarsest(9, cycle(0, 9)) == std::vector<ClassId>(9, 0)); }

TEST_CASE("the centre of a star differs from its leaves") {
  CHECK(coarsest(5, {{0, 1}, {0, 2}, {0, 3}, {0, 4}}) == std::vector<ClassId>{0, 1, 1, 1, 1});
}

TEST_CASE("two triangles look like a hexagon: an equitable partition only counts neighbours") {
  std::vector<Edge> edges = cycle(0, 6);
  for (const NodeId first : {6, 9}) {
    for (const Edge& edge : cycle(first, 3)) edges.push_back(edge);
  }
  CHECK(coarsest(12, edges) == std::vector<ClassId>(12, 0));
}

TEST_CASE("a label of an edge tells its ends from the other nodes") {
  std::vector<Edge> hexagon = cycle(0, 6);
  hexagon[0].label = 1;
  CHECK(coarsest(6, hexagon) == std::vector<ClassId>{0, 0, 1, 2, 2, 1});
  for (std::size_t i = 0; i < hexagon.size(); ++i) hexagon[i].label = i % 2;
  CHECK(coarsest(6, hexagon) == std::vector<ClassId>(6, 0));
}

TEST_CASE("two edges differ from one, and from one of another label") {
  CHECK(coarsest(4, {{0, 1}, {0, 1}, {2, 3}}) == std::vector<ClassId>{0, 0, 1, 1});
  CHECK(coarsest(4, {{0, 1, 2}, {2, 3, 1}}) == std::vector<ClassId>{0, 0, 1, 1});
}

TEST_CASE("nodes that start apart stay apart") {
  const LabelledGraph graph = make_graph(4, cycle(0, 4));
  CHECK(canonical(refine(graph, partition_by({7, 7, 7, 3}))) == std::vector<ClassId>{0, 1, 0, 2});
}

TEST_CASE("what refinement gives is equitable, and the coarsest there is") {
  std::mt19937 random(20210912);
  for (int trial = 0; trial < 300; ++trial) {
    const bool lifted = trial % 2 == 0;
    const LabelledGraph graph = lifted ? random_lift(random) : random_graph(random, 25, 10 + trial / 10);
    std::vector<std::uint64_t> colours(graph.nodes(), 0);
    if (trial % 3 == 0) colours.back() = 1;
    const Partition initial = partition_by(colours);
    const Partition partition = refine(graph, initial);
    CAPTURE(trial);
    REQUIRE(is_equitable(graph, partition));
    REQUIRE(canonical(partition) == naively_refined(graph, initial.class_of));
    REQUIRE(refine(graph, initial).class_of == partition.class_of);
  }
}

TEST_CASE("refinement goes on from classes that were split by hand as if they had started apart") {
  std::mt19937 random(11);
  for (int trial = 0; trial < 200; ++trial) {
    const LabelledGraph graph = random_lift(random);
    const Partition coarse = refine(graph, all_alike(graph.nodes()));
    Partition split = coarse;
    std::vector<ClassId> fresh;
    for (int part = 0; part < 1 + trial % 3; ++part) {
      const std::size_t node = random() % graph.nodes();
      if (std::ranges::count(split.class_of, split.class_of[node]) < 2) continue;
      split.class_of[node] = split.classes;
      fresh.push_back(split.classes++);
    }
    CAPTURE(trial);
    const Partition refined = refine(graph, split, fresh);
    REQUIRE(is_equitable(graph, refined));
    REQUIRE(canonical(refined) == naively_refined(graph, canonical(split)));
  }
}

TEST_CASE("moving a single node to another class is always noticed") {
  std::mt19937 random(42);
  int trials = 0;
  while (trials < 200) {
    const LabelledGraph graph = random_lift(random);
    Partition partition = refine(graph, all_alike(graph.nodes()));
    if (partition.classes < 2) continue;
    ClassId& moved = partition.class_of[random() % graph.nodes()];
    moved = static_cast<ClassId>(
        (static_cast<std::uint32_t>(moved) + 1 + random() % (static_cast<std::uint32_t>(partition.classes) - 1)) %
        static_cast<std::uint32_t>(partition.classes));
    CAPTURE(trials);
    REQUIRE_FALSE(is_equitable(graph, partition));
    ++trials;
  }
}

TEST_CASE("every node on its own is an equitable partition") {
  std::mt19937 random(7);
  const LabelledGraph graph = random_graph(random, 30, 60);
  CHECK(is_equitable(graph, discrete_partition(30)));
  CHECK(discrete_partition(30).classes == 30);
}

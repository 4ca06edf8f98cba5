// Equitable partitions of a labelled graph: the coarsest one by colour refinement, and an exact check of any.
// Cardon and Crochemore, "Partitioning a graph in O(|A| log |V|)", 1982; Paige and Tarjan 1987.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace traingrid {

using NodeId = std::int32_t;
using ClassId = std::int32_t;

/// An undirected graph with labelled edges, as adjacency lists.
class LabelledGraph {
 public:
  /// `emit(edge)` calls `edge(a, b, label)` for every edge; it is called twice, to count and to store.
  template <class Emit>
  LabelledGraph(std::size_t nodes, Emit emit) : offsets_(nodes + 1, 0) {
    emit([this](NodeId a, NodeId b, std::uint32_t) { count(a, b); });
    make_room();
    emit([this](NodeId a, NodeId b, std::uint32_t label) { store(a, b, label); });
  }

  struct Neighbour {
    NodeId node;
    std::uint32_t label;
  };
  std::size_t nodes() const { return offsets_.size() - 1; }
  std::size_t edges() const { return neighbours_.size() / 2; }
  std::span<const Neighbour> neighbours(NodeId node) const {
    const auto at = static_cast<std::size_t>(node);
    return {neighbours_.data() + offsets_[at], neighbours_.data() + offsets_[at + 1]};
  }

 private:
  void count(NodeId a, NodeId b) {
    ++offsets_[static_cast<std::size_t>(a)];
    ++offsets_[static_cast<std::size_t>(b)];
  }
  void make_room();
  void store(NodeId a, NodeId b, std::uint32_t label) {
    neighbours_[--offsets_[static_cast<std::size_t>(a)]] = {b, label};
    neighbours_[--offsets_[static_cast<std::size_t>(b)]] = {a, label};
  }

  std::vector<std::uint32_t> offsets_;
  std::vector<Neighbour> neighbours_;
};

struct Partition {
  std::vector<ClassId> class_of;  ///< by node
  ClassId classes = 0;
};

/// Classes of equal value, numbered by first appearance.
Partition partition_by(const std::vector<std::uint64_t>& colours);
/// Every node a class of its own.
Partition discrete_partition(std::size_t nodes);

/// The coarsest equitable refinement of `initial`. Sums of label hashes stand for multisets: a collision of 64 bits
/// could leave two classes merged, so what comes out is to be checked with is_equitable.
Partition refine(const LabelledGraph& graph, const Partition& initial);
/// The same of a partition that is equitable but for the classes `fresh`, which were split off from others.
Partition refine(const LabelledGraph& graph, const Partition& initial, std::vector<ClassId> fresh);

/// Whether all nodes of a class have equally many neighbours in every class under every label. Exact; O(edges).
bool is_equitable(const LabelledGraph& graph, const Partition& partition);

}  // namespace traingrid

// A directed graph of named vertices with the shortest ways through it, worked out for each target when first asked
// for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace traingrid {

class Graph {
 public:
  struct Edge {
    std::int32_t from, to;
  };

  /// The vertex of that name, which is new if it was not known. One that is an end only is on no way between others.
  std::int32_t vertex(const std::string& name, bool end_only);
  /// −1 if there is none.
  std::int32_t find(const std::string& name) const;
  void add_edge(std::int32_t from, std::int32_t to);

  int vertices() const { return static_cast<int>(names_.size()); }
  const std::string& name(std::int32_t vertex) const { return names_[static_cast<std::size_t>(vertex)]; }
  const std::vector<Edge>& edges() const { return edges_; }

  /// Edges of the shortest way; −1 if there is none.
  int distance(std::int32_t from, std::int32_t to) const {
    return ways_to(to).distance[static_cast<std::size_t>(from)];
  }
  /// How many shortest ways, up to 2^32.
  std::int64_t ways(std::int32_t from, std::int32_t to) const {
    return ways_to(to).count[static_cast<std::size_t>(from)];
  }
  /// Appends the edges of one of them to `path`.
  void way(std::int32_t from, std::int32_t to, std::int64_t number, std::vector<std::int32_t>& path) const;
  /// The edge between two vertices, the first of several; −1 if there is none.
  std::int32_t edge_between(std::int32_t from, std::int32_t to) const;

 private:
  struct WaysTo {
    std::vector<int> distance;
    std::vector<std::int64_t> count;
  };
  const WaysTo& ways_to(std::int32_t target) const;

  std::vector<std::string> names_;
  std::vector<bool> end_only_;
  std::map<std::string, std::int32_t> by_name_;
  std::vector<Edge> edges_;
  std::vector<std::vector<std::int32_t>> out_, in_;  // edges by vertex
  mutable std::vector<std::unique_ptr<WaysTo>> ways_to_;
};

}  // namespace traingrid

// Keys of a network that is written down link by link.
#pragma once

#include "cluster/shape.hpp"
#include "units/quantity.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// Vertices are "n3" (node 3), "n3.1" (its NIC 1) and, by any other name, switches. NICs forward nothing.
struct EdgeListShape {
  struct Edge {
    std::string from, to;
    Bandwidth bandwidth;  ///< line rate, in each of the two directions
    Seconds latency;      ///< beyond that of the type of link
    void describe(Fields& fields);
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  /// One way between two ends that traffic takes, whatever shorter ones there are.
  struct Route {
    std::string from, to;
    std::vector<std::string> via;
    void describe(Fields& fields);
    friend bool operator==(const Route&, const Route&) = default;
  };
  std::vector<Edge> edges;
  std::vector<Route> routes;
  friend bool operator==(const EdgeListShape&, const EdgeListShape&) = default;
};

}  // namespace traingrid

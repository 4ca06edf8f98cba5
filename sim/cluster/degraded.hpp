// What of a cluster is not as it should be, as its file says, and nodes of another generation.
#pragma once

#include "cluster/accelerator.hpp"
#include "cluster/overrides.hpp"
#include "input/fields.hpp"

#include <string>
#include <vector>

namespace traingrid {

struct Cluster;
class Fabric;

struct Degraded {
  struct Link {
    std::string level;  ///< of the fabric: "nic out", "leaf uplink", …; "nic" is both directions
    int number = 0;     ///< within the level, from 0
    double rate = 0;    ///< times the healthy one; 0 is down
    void describe(Fields& fields);
    friend bool operator==(const Link&, const Link&) = default;
  };
  struct Slow {
    int number = 0;  ///< of the accelerator, from 0, node by node
    double slowdown = 1;
    void describe(Fields& fields);
    friend bool operator==(const Slow&, const Slow&) = default;
  };
  std::vector<Link> links;
  std::vector<Slow> accelerators;
  std::vector<int> nodes_out;  ///< numbers of nodes that are not used
  void describe(Fields& fields);
  friend bool operator==(const Degraded&, const Degraded&) = default;
};

/// Nodes whose accelerators are of another kind.
struct Generation {
  int first_node = 0, nodes = 0;
  Accelerator accelerator;
  void describe(Fields& fields);
  friend bool operator==(const Generation&, const Generation&) = default;
};

/// Why something degraded is not there, or nothing.
std::string degraded_obstacle(const Cluster& cluster, const Fabric& fabric);

/// What is degraded of the nodes that the fabric was built for; the rest of the machine is left out.
Overrides overrides_of(const Cluster& cluster, const Fabric& fabric);

}  // namespace traingrid

// Networks whose routers carry NICs and are joined to each other without switches above them.
#pragma once

#include "cluster/fabric.hpp"

#include <fmt/format.h>

namespace traingrid {

class DirectNetwork : public Fabric {
 protected:
  /// `ports` of a NIC lead into the network at once: all of a router inside it.
  explicit DirectNetwork(const Cluster& cluster, double ports = 1)
      : Fabric(cluster, ports), nics_per_router_(cluster.network.nics_per_router) {}
  int router_of(int nic) const { return nic / nics_per_router_; }
  Vertex router(int number) const { return first_switch() + number; }
  Vertex switch_of(int nic) const override { return router(router_of(nic)); }

 private:
  int nics_per_router_;
};

/// NICs of the whole machine, of which a run may use a part.
inline int nics_of_machine(const Cluster& cluster) {
  return (cluster.nodes > cluster.whole_nodes ? cluster.nodes : cluster.whole_nodes) * cluster.node.nics;
}

/// Why so many routers do not carry the NICs of the machine, or nothing. `shape` says how they are counted.
std::string routers_obstacle(const Cluster& cluster, double routers, const std::string& shape);
/// Ways of a flow that the weight of a hop can tell apart.
inline constexpr int kMostWays = 65535;
/// Why so many links at each of the routers cannot be numbered, or so many ways of a flow told apart, or nothing.
std::string count_obstacle(double routers, double links, double ways);
/// Why a router has too few ports for its NICs and so many links to others, or nothing.
std::string ports_obstacle(const Cluster& cluster, double links);

}  // namespace traingrid

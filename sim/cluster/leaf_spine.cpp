// Leaf–spine Clos: all NICs of a node meet at the same leaf switch; leaves meet at spines.
#include "cluster/clos.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {

std::string leaf_spine_obstacle(const Cluster& cluster) {
  return clos_obstacle(cluster, clos_plan(cluster, Leaves::of_nodes));
}

double leaf_spine_switches(const Cluster& cluster) {
  return clos_switches(cluster, clos_plan(cluster, Leaves::of_nodes));
}

std::unique_ptr<Fabric> build_leaf_spine(const Cluster& cluster) {
  return std::make_unique<Clos>(cluster, clos_plan(cluster, Leaves::of_nodes));
}

}  // namespace traingrid

// The k-ary fat tree: three tiers of k-port switches, half of the ports of each down and half up, k pods.
// Al-Fares, Loukissas and Vahdat, "A scalable, commodity data center network architecture", SIGCOMM 2008.
#include "cluster/clos.hpp"
#include "cluster/direct.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {
namespace {

ClosPlan plan_of(const Cluster& cluster) {
  const int half = std::max(1, cluster.network.equipment.ports / 2);
  return {.nics_per_leaf = half, .groups_per_block = half};
}

}  // namespace

std::string fat_tree_obstacle(const Cluster& cluster) {
  constexpr int kMostPorts = 256;  // so that the ways between two leaves can be counted
  const int ports = cluster.network.equipment.ports;
  if (ports % 2 != 0 || ports > kMostPorts)
    return fmt::format("a fat tree needs switches with an even number of ports, at most {}, not {}", kMostPorts, ports);
  const double room = static_cast<double>(ports) * ports * ports / 4;
  if (nics_of_machine(cluster) <= room) return "";
  return fmt::format("a fat tree of {}-port switches carries {:.0f} NICs, but {} nodes have {}", ports, room,
                     cluster.nodes, nics_of_machine(cluster));
}

double fat_tree_switches(const Cluster& cluster) { return clos_switches(cluster, plan_of(cluster)); }

std::unique_ptr<Fabric> build_fat_tree(const Cluster& cluster) {
  return std::make_unique<Clos>(cluster, plan_of(cluster));
}

}  // namespace traingrid

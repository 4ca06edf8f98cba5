#include "cluster/direct.hpp"

#include "cluster/topologies.hpp"

namespace traingrid {

void router_keys(Network& network, Fields& fields, Keys) {
  fields.optional("nics_per_router", network.nics_per_router, "NICs at each router.", at_least_one);
}

std::string routers_obstacle(const Cluster& cluster, double routers, const std::string& shape) {
  const int each = cluster.network.nics_per_router;
  const double places = routers * each;
  if (places == nics_of_machine(cluster)) return "";
  return fmt::format("{} routers with {} NICs each carry {:.0f} NICs, but {} nodes have {}", shape, each, places,
                     cluster.nodes, nics_of_machine(cluster));
}

std::string count_obstacle(double routers, double links, double ways) {
  constexpr double kMostLinks = 1e9;
  if (routers * links > kMostLinks)
    return fmt::format("{:.0f} routers with {:.0f} links each; at most {:.0e} links are modelled", routers, links,
                       kMostLinks);
  if (ways <= kMostWays) return "";
  return fmt::format("{:.0f} ways between two routers; at most {} are modelled", ways, kMostWays);
}

std::string ports_obstacle(const Cluster& cluster, double links) {
  const double needed = cluster.network.nics_per_router + links;
  if (needed <= cluster.network.equipment.ports) return "";
  return fmt::format("a router needs {:.0f} ports for its NICs and links; the switch has {}", needed,
                     cluster.network.equipment.ports);
}

}  // namespace traingrid

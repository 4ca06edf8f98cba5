// Rail-only: NIC i of all nodes in a Clos of its own, rails not joined; other rails are reached inside the sending
// node. Wang et al., "Rail-only: a low-cost high-performance network for training LLMs", HOTI 2024, arXiv 2307.12169.
#include "cluster/clos.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {
namespace {

ClosPlan plan_of(const Cluster& cluster) {
  ClosPlan plan = clos_plan(cluster, Leaves::of_rails);
  plan.forwarding = plan.rails_apart = true;
  return plan;
}

}  // namespace

std::string rail_only_obstacle(const Cluster& cluster) { return clos_obstacle(cluster, plan_of(cluster)); }

double rail_only_switches(const Cluster& cluster) {
  Cluster rail = cluster;
  rail.node.nics = 1;
  return cluster.node.nics * clos_switches(rail, clos_plan(rail, Leaves::of_nodes));
}

std::unique_ptr<Fabric> build_rail_only(const Cluster& cluster) {
  return std::make_unique<Clos>(cluster, plan_of(cluster));
}

}  // namespace traingrid

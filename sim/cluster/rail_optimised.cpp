// Rail-optimised Clos: NIC i of every node of a group meets at leaf switch i; leaves meet at spines.
// NVIDIA, "Doubling all2all performance with NCCL 2.12" (PXN), 2022; DGX SuperPOD reference architecture.
#include "cluster/clos.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {
namespace {

ClosPlan plan_of(const Cluster& cluster) {
  ClosPlan plan = clos_plan(cluster, Leaves::of_rails);
  plan.forwarding = cluster.network.rail_forwarding;
  return plan;
}

}  // namespace

void rail_keys(Network& network, Fields& fields, Keys) {
  fields.optional("rail_forwarding", network.rail_forwarding,
                  "Whether traffic to another rail is handed over inside the sending node (PXN), not at the spines.");
}

std::string rail_optimised_obstacle(const Cluster& cluster) { return clos_obstacle(cluster, plan_of(cluster)); }
double rail_optimised_switches(const Cluster& cluster) { return clos_switches(cluster, plan_of(cluster)); }

std::unique_ptr<Fabric> build_rail_optimised(const Cluster& cluster) {
  return std::make_unique<Clos>(cluster, plan_of(cluster));
}

}  // namespace traingrid

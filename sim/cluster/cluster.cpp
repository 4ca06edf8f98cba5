#include "cluster/cluster.hpp"

#include "cluster/fabric.hpp"
#include "cluster/scale_up.hpp"
#include "cluster/topology.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

constexpr double kMostAccelerators = 4 * 1024 * 1024;

std::string generations_obstacle(const Cluster& cluster) {
  int free = 0;
  for (const Generation& generation : cluster.generations) {
    const std::int64_t end = std::int64_t{generation.first_node} + generation.nodes;
    if (end > cluster.nodes)
      return fmt::format("a generation of nodes {} to {}, but there are only {}", generation.first_node, end - 1,
                         cluster.nodes);
    if (generation.first_node < free)
      return fmt::format("generations must be in order and not overlap: node {} is in two", generation.first_node);
    free = static_cast<int>(end);
  }
  return "";
}

}  // namespace

void NodePower::describe(Fields& fields) {
  fields.required("cpu", cpu, "All processors of a node while training.", non_negative);
  fields.required("memory", memory, "All DIMMs of a node.", non_negative);
  fields.required("nics", nics, "All network adapters of a node.", non_negative);
  fields.required("other", other, "Drives, board, in-node switches.", non_negative);
  fields.required("fans", fans, "All fans of a node under training load.", non_negative);
  fields.required("idle", idle, "The rest of a node without work, all together.", non_negative);
  fields.required("psu_efficiency", psu_efficiency, "Power supply output over input.", positive_fraction);
}

void ComputeNode::describe(Fields& fields) {
  fields.required("accelerators", accelerators, "Accelerators per node.", at_least_one);
  fields.required("nics", nics, "Network adapters per node.", at_least_one);
  fields.check("nics", nics <= 0 || accelerators % nics == 0, "the accelerators of a node must share its NICs evenly");
  fields.reference("scale_up", scale_up, "links", "Link of each accelerator into the switch inside the node.");
  fields.optional("scale_up_topology", scale_up_topology, fmt::format("One of: {}.", scale_up_names()));
  const ScaleUpKind* kind = find_scale_up(scale_up_topology);
  fields.check("scale_up_topology", kind != nullptr,
               fmt::format("unknown scale-up topology '{}'; known: {}", scale_up_topology, scale_up_names()));
  if (scale_up_topology == "pcie-tree" || accelerators == 0) {
    fields.optional("accelerators_per_pcie_switch", accelerators_per_pcie_switch, "Accelerators below a PCIe switch.",
                    at_least_one);
  }
  const std::string obstacle = kind == nullptr || accelerators <= 0 ? "" : kind->obstacle(*this);
  fields.check("scale_up_topology", obstacle.empty(), obstacle);
  fields.optional("memory_link", memory_link,
                  "Whether flows into and out of an accelerator share its memory bandwidth as they share links.");
  fields.optional("kernels_share_memory", kernels_share_memory,
                  "Whether kernels that are limited by memory share it with those flows.");
  fields.check("kernels_share_memory", memory_link || !kernels_share_memory,
               "needs `memory_link: true`, the link that they share");
  fields.optional_reference("host", host, "hosts", "What accelerators can offload to, and over which link.");
  fields.required("power", power, "What a node draws beside its accelerators.");
  fields.required("embodied", embodied, "Embodied carbon of a node without accelerators.", non_negative);
}

void Switch::describe(Fields& fields) {
  fields.required("ports", ports, "Ports of one switch.", at_least_one);
  fields.required("power", power, "One switch without optics.", non_negative);
  fields.required("optics_per_port", optics_per_port, "Transceiver or end of an active cable.", non_negative);
}

void Network::describe(Fields& fields) {
  fields.required("topology", topology, fmt::format("One of: {}.", topology_names()));
  fields.check("topology", topology.empty() || find_topology(topology) != nullptr,
               fmt::format("unknown topology '{}'; known: {}", topology, topology_names()));
  fields.reference("link", link, "links", "One NIC port.");
  describe_shape(*this, fields);
  fields.optional("hop_latency", hop_latency, "Added for every switch of a way beyond the first.", hardware_delay);
  fields.optional("routing", routing.name, fmt::format("One of: {}.", routing_names()));
  const RoutingKind* kind = find_routing(routing.name);
  fields.check("routing", kind != nullptr,
               fmt::format("unknown routing '{}'; known: {}", routing.name, routing_names()));
  if (topology.empty() || (kind != nullptr && kind->seeded))
    fields.optional("routing_seed", routing.seed, "Of routing that chooses by hash.", non_negative);
  fields.required("switch", equipment, "The switches it is built from.");
}

void Cluster::describe(Fields& fields) {
  fields.required("name", name, "Name of the system.");
  fields.reference("accelerator", accelerator, "accelerators", "What it computes with.");
  fields.required("nodes", nodes, "Nodes of the cluster.", at_least_one);
  fields.required("node", node, "One node.");
  fields.check("nodes", static_cast<double>(nodes) * node.accelerators <= kMostAccelerators,
               fmt::format("a cluster of more than {:.0f} accelerators is not modelled", kMostAccelerators));
  fields.required("network", network, "What connects the nodes.");
  const std::string obstacle = network_obstacle(*this);
  fields.check("network", obstacle.empty(), obstacle);
  fields.required("storage_power_per_node", storage_power_per_node, "File systems that serve the run, per node.",
                  non_negative);
  fields.required("life", life, "Years over which embodied carbon is spread.", positive);
  fields.required("utilisation", utilisation, "Share of that life in use.", positive_fraction);
  fields.optional("degraded", degraded, "What of it is not as it should be.");
  const std::string damage = degraded_obstacle(*this);
  fields.check("degraded", damage.empty(), damage);
  fields.optional("generations", generations, "Nodes whose accelerators differ from `accelerator`.");
  const std::string overlap = generations_obstacle(*this);
  fields.check("generations", overlap.empty(), overlap);
  fields.check("generations", generations.empty() || !node.kernels_share_memory,
               "with `kernels_share_memory` all accelerators must be of one generation");
}

int Cluster::generation_of(int node_number) const {
  for (std::size_t i = 0; i < generations.size(); ++i) {
    const int position = node_number - generations[i].first_node;
    if (position >= 0 && position < generations[i].nodes) return static_cast<int>(i);
  }
  return -1;
}

std::string network_obstacle(const Cluster& cluster) {
  const Topology* topology = find_topology(cluster.network.topology);
  const bool complete = topology != nullptr && cluster.nodes > 0 && cluster.node.nics > 0;
  if (!complete) return "";
  const RoutingKind* routing = find_routing(cluster.network.routing.name);
  if (!topology->has_detours && routing != nullptr && routing->choice == RoutingKind::Choice::detour)
    return fmt::format("'{}' has no detours to route by '{}'", topology->name, routing->name);
  return topology->obstacle(cluster);
}

std::string degraded_obstacle(const Cluster& cluster) {
  const Degraded& degraded = cluster.degraded;
  if (degraded.links.empty() && degraded.accelerators.empty() && degraded.nodes_out.empty()) return "";
  if (cluster.accelerators() == 0 || !network_obstacle(cluster).empty() || !is_imported(cluster.network)) return "";
  return degraded_obstacle(cluster, *build_fabric(cluster));
}

double switch_count(const Cluster& cluster) { return find_topology(cluster.network.topology)->switches(cluster); }

Watts network_power(const Cluster& cluster) {
  const double share = static_cast<double>(cluster.nodes) / std::max(cluster.nodes, cluster.whole_nodes);
  return share * switch_count(cluster) * cluster.network.equipment.total();
}

}  // namespace traingrid

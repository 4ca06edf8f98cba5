#include "cluster/cluster.hpp"

#include "cluster/fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

constexpr double kMostAccelerators = 4 * 1024 * 1024;

/// Ports of a leaf: down to its nodes, and up to the spines.
double leaf_ports(const Cluster& cluster) {
  const Topology* topology = find_topology(cluster.network.topology);
  if (topology == nullptr || cluster.node.nics < 1) return 0;
  const double down = std::min(cluster.nodes, cluster.network.nodes_per_leaf) * static_cast<double>(cluster.node.nics) /
                      topology->leaves_per_group(cluster);
  return cluster.nodes > cluster.network.nodes_per_leaf ? down + down / cluster.network.oversubscription : down;
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
  fields.required("nodes_per_leaf", nodes_per_leaf, "Nodes below a leaf switch (of each rail).", at_least_one);
  fields.required("oversubscription", oversubscription, "Bandwidth below a leaf over that above it.", at_least_one);
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
  fields.check("network", leaf_ports(*this) <= network.equipment.ports,
               fmt::format("a leaf needs {:.0f} ports for its nodes and uplinks; the switch has {}", leaf_ports(*this),
                           network.equipment.ports));
  fields.required("storage_power_per_node", storage_power_per_node, "File systems that serve the run, per node.",
                  non_negative);
  fields.required("life", life, "Years over which embodied carbon is spread.", positive);
  fields.required("utilisation", utilisation, "Share of that life in use.", positive_fraction);
}

double switch_count(const Cluster& cluster) {
  const Network& network = cluster.network;
  const int nodes = std::max(cluster.nodes, cluster.whole_nodes);
  const double groups = std::ceil(static_cast<double>(nodes) / network.nodes_per_leaf);
  const double leaves = groups * find_topology(network.topology)->leaves_per_group(cluster);
  if (leaves == 1 || cluster.node.nics * static_cast<double>(nodes) <= network.equipment.ports) return 1;
  const double uplinks = static_cast<double>(nodes) * cluster.node.nics / network.oversubscription;
  const double ports = network.equipment.ports;
  const double spines = std::ceil(uplinks / ports);
  return leaves + spines + (leaves > ports ? std::ceil(2 * uplinks / ports) : 0);  // the third tier turns both ways
}

Watts network_power(const Cluster& cluster) {
  const double share = static_cast<double>(cluster.nodes) / std::max(cluster.nodes, cluster.whole_nodes);
  return share * switch_count(cluster) * cluster.network.equipment.total();
}

}  // namespace traingrid

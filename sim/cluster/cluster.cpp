#include "cluster/cluster.hpp"

#include "cluster/fabric.hpp"

#include <fmt/format.h>

#include <cmath>

namespace traingrid {

void LinkType::describe(Fields& fields) {
  fields.required("name", name, "Name of the technology.");
  fields.required("bandwidth", bandwidth, "Line rate in one direction.", positive);
  fields.required("efficiency", efficiency, "Share of the line rate left to payload.", positive_fraction);
  fields.required("latency", latency, "Time of one step of a collective across the link.", non_negative);
}

void NodePower::describe(Fields& fields) {
  fields.required("cpu", cpu, "All processors of a node while training.", non_negative);
  fields.required("memory", memory, "All DIMMs of a node.", non_negative);
  fields.required("nics", nics, "All network adapters of a node.", non_negative);
  fields.required("other", other, "Drives, board, in-node switches.", non_negative);
  fields.required("fans", fans, "All fans of a node under training load.", non_negative);
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
  fields.required("power", power, "One switch with its optics.", non_negative);
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
  fields.required("network", network, "What connects the nodes.");
  fields.required("storage_power_per_node", storage_power_per_node, "File systems that serve the run, per node.",
                  non_negative);
  fields.required("life", life, "Years over which embodied carbon is spread.", positive);
  fields.required("utilisation", utilisation, "Share of that life in use.", positive_fraction);
}

int switch_count(const Cluster& cluster) {
  const double endpoints = static_cast<double>(cluster.nodes) * cluster.node.nics;
  const double ports = cluster.network.equipment.ports;
  if (endpoints <= ports) return 1;
  const double down = ports * cluster.network.oversubscription / (1 + cluster.network.oversubscription);
  const double leaves = std::ceil(endpoints / std::floor(down));
  const double uplinks = endpoints / cluster.network.oversubscription;
  const bool three_tiers = leaves > ports;
  const double upper =
      three_tiers ? std::ceil(uplinks / (ports / 2)) + std::ceil(uplinks / ports) : std::ceil(uplinks / ports);
  return static_cast<int>(leaves + upper);
}

}  // namespace traingrid

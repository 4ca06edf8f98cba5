#include "cluster/fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace traingrid {
namespace {

constexpr std::array kTopologies{
    Topology{"rail-optimised", "Clos with one leaf per rail: NIC i of every node of a group meets at one switch",
             [](const Cluster& cluster) { return cluster.node.nics; }, build_rail_optimised},
    Topology{"leaf-spine", "Clos with all NICs of a node at the same leaf", [](const Cluster&) { return 1; },
             build_leaf_spine},
};

}  // namespace

Fabric::Fabric(const Cluster& cluster)
    : devices_(cluster.accelerators()),
      accelerators_per_node_(cluster.node.accelerators),
      nics_per_node_(cluster.node.nics),
      scale_up_latency_(cluster.node.scale_up.latency),
      network_latency_(cluster.network.link.latency) {
  scale_up_out_ = add_level("scale-up out", devices_, cluster.node.scale_up.payload());
  scale_up_in_ = add_level("scale-up in", devices_, cluster.node.scale_up.payload());
  const int nics = cluster.nodes * nics_per_node_;
  nic_out_ = add_level("nic out", nics, cluster.network.link.payload());
  nic_in_ = add_level("nic in", nics, cluster.network.link.payload());
}

LinkId Fabric::add_level(std::string name, int count, Bandwidth capacity) {
  const LinkId first = levels_.empty() ? 0 : links();
  levels_.push_back({std::move(name), first, count, capacity});
  return first;
}

const LinkLevel& Fabric::level_of(LinkId link) const {
  const auto after = std::ranges::upper_bound(levels_, link, {}, &LinkLevel::first);
  return *std::prev(after);
}

std::string Fabric::link_name(LinkId link) const {
  const LinkLevel& level = level_of(link);
  return fmt::format("{} {}", level.name, link - level.first);
}

int Fabric::nic_of(Device device) const {
  const int position = device % accelerators_per_node_;
  return position * nics_per_node_ / accelerators_per_node_;
}

void Fabric::path(Device from, Device to, std::vector<Hop>& path) const {
  path.clear();
  const int from_node = node_of(from), to_node = node_of(to);
  if (from_node == to_node) {
    path.push_back({scale_up_out_ + from});
    path.push_back({scale_up_in_ + to});
    return;
  }
  const int own_nic = nic_of(from), to_nic = nic_of(to);
  const int nic = sending_nic(own_nic, to_nic);
  if (nic != own_nic) {  // forwarded inside the node to the accelerator beside that NIC (PXN)
    path.push_back({scale_up_out_ + from});
    path.push_back({scale_up_in_ + from_node * accelerators_per_node_ + nic * accelerators_per_node_ / nics_per_node_});
  }
  path.push_back({nic_out_ + from_node * nics_per_node_ + nic});
  network_path(from_node, nic, to_node, to_nic, path);
  path.push_back({nic_in_ + to_node * nics_per_node_ + to_nic});
}

Seconds Fabric::latency(Device from, Device to) const {
  return node_of(from) == node_of(to) ? scale_up_latency_ : network_latency_;
}

Seconds Fabric::distance(Device, Device) const { return {}; }

const Topology* find_topology(std::string_view name) {
  const auto found = std::ranges::find(kTopologies, name, &Topology::name);
  return found == kTopologies.end() ? nullptr : &*found;
}

std::string topology_names() {
  std::string names;
  for (const Topology& topology : kTopologies) {
    if (!names.empty()) names += ", ";
    names += topology.name;
  }
  return names;
}

std::unique_ptr<Fabric> build_fabric(const Cluster& cluster) {
  const Topology* topology = find_topology(cluster.network.topology);
  if (topology == nullptr) throw std::logic_error("unknown topology passed the reader: " + cluster.network.topology);
  return topology->build(cluster);
}

}  // namespace traingrid

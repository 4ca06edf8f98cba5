// The cluster as links with capacities and a path between any two accelerators. Nothing is stored per pair.
#pragma once

#include "cluster/cluster.hpp"
#include "cluster/overrides.hpp"
#include "units/quantity.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A link on a path, of which a flow takes `weight` / `parts` times its rate: 2 / 1 if it crosses the link twice, 1 / 4
/// if a quarter of its packets do.
struct Hop {
  LinkId link;
  std::uint16_t weight = 1, parts = 1;
  friend bool operator==(Hop, Hop) = default;
};

/// Links of one kind, numbered one after the other: "nvlink up", "nic down", "leaf uplink", …
struct LinkLevel {
  std::string name;
  LinkId first = 0;
  std::int32_t count = 0;
  Bandwidth capacity;  ///< of each, what protocols leave to payload
};

class Fabric {
 public:
  explicit Fabric(const Cluster& cluster);
  virtual ~Fabric() = default;

  int devices() const { return devices_; }
  int node_of(Device device) const { return device / accelerators_per_node_; }
  const std::vector<LinkLevel>& levels() const { return levels_; }
  int links() const { return levels_.back().first + levels_.back().count; }
  const LinkLevel& level_of(LinkId link) const;
  Bandwidth capacity(LinkId link) const { return level_of(link).capacity; }
  std::string link_name(LinkId link) const;

  /// Links from one accelerator to another, in order; `path` is cleared first.
  void path(Device from, Device to, std::vector<Hop>& path) const;
  /// Time of one step of a collective from one accelerator to the other.
  Seconds latency(Device from, Device to) const;
  /// What of that is the length of the way, beyond the latency of the type of link.
  Seconds distance(Device from, Device to) const;

  LinkId scale_up_out(Device device) const { return scale_up_out_ + device; }
  LinkId scale_up_in(Device device) const { return scale_up_in_ + device; }
  LinkId nic_out(Device device) const { return nic_out_ + node_of(device) * nics_per_node_ + nic_of(device); }
  LinkId nic_in(Device device) const { return nic_in_ + node_of(device) * nics_per_node_ + nic_of(device); }

 protected:
  LinkId add_level(std::string name, int count, Bandwidth capacity);
  int nodes() const { return devices_ / accelerators_per_node_; }
  int nics_per_node() const { return nics_per_node_; }

 private:
  /// Links between two NICs of different nodes, without the NICs' own.
  virtual void network_path(int from_node, int from_nic, int to_node, int to_nic, std::vector<Hop>& path) const = 0;
  /// Which NIC of the sending node carries traffic to that NIC of another one.
  virtual int sending_nic(int own_nic, int to_nic) const = 0;
  int nic_of(Device device) const;

  int devices_, accelerators_per_node_, nics_per_node_;
  Seconds scale_up_latency_, network_latency_;
  std::vector<LinkLevel> levels_;
  LinkId scale_up_out_, scale_up_in_, nic_out_, nic_in_;
};

/// One way to connect nodes; each is a file of its own and a line of the table in fabric.cpp.
struct Topology {
  std::string_view name;                            ///< what users write
  std::string_view summary;                         ///< for help and reference
  int (*leaves_per_group)(const Cluster& cluster);  ///< switches that the nodes_per_leaf nodes of a group meet at
  std::unique_ptr<Fabric> (*build)(const Cluster& cluster);
};
const Topology* find_topology(std::string_view name);
std::string topology_names();

/// The fabric of the cluster's topology.
std::unique_ptr<Fabric> build_fabric(const Cluster& cluster);

std::unique_ptr<Fabric> build_rail_optimised(const Cluster& cluster);
std::unique_ptr<Fabric> build_leaf_spine(const Cluster& cluster);

}  // namespace traingrid

// The cluster as links with capacities and a path between any two accelerators. Nothing is stored per pair.
#pragma once

#include "cluster/cluster.hpp"
#include "units/quantity.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

using Device = std::int32_t;  ///< an accelerator, numbered node by node
using LinkId = std::int32_t;

/// A link on a path; a flow may use it `weight` times.
struct Hop {
  LinkId link;
  std::int32_t weight = 1;
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

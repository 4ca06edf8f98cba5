// The cluster as links with capacities and ways between any two accelerators. Nothing is stored per pair.
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

class ScaleUp;

/// A link on a path, of which a flow takes `weight` / `parts` times its rate: 2 / 1 if it crosses the link twice, 1 / 4
/// if a quarter of its packets do.
struct Hop {
  LinkId link;
  std::uint16_t weight = 1, parts = 1;
  friend bool operator==(Hop, Hop) = default;
};

/// Links of one kind, numbered one after the other: "nic out", "leaf uplink", …
struct LinkLevel {
  std::string name;
  LinkId first = 0;
  std::int32_t count = 0;
  Bandwidth capacity;  ///< of each, what protocols leave to payload; of the fastest, where they differ
};

/// What links join: accelerators, then NICs, then the switches of nodes, then those of the network.
using Vertex = std::int32_t;
struct LinkEnds {
  Vertex from, to;
};

class Fabric {
 public:
  /// Each NIC has `ports` of the network's links.
  explicit Fabric(const Cluster& cluster, double ports = 1);
  virtual ~Fabric();

  int devices() const { return devices_; }
  int node_of(Device device) const { return device / accelerators_per_node_; }
  const std::vector<LinkLevel>& levels() const { return levels_; }
  int links() const { return levels_.back().first + levels_.back().count; }
  const LinkLevel& level_of(LinkId link) const;
  Bandwidth capacity(LinkId link) const;
  virtual std::string link_name(LinkId link) const;
  LinkEnds ends(LinkId link) const;
  bool is_switch(Vertex vertex) const { return vertex >= devices_ + nics(); }

  /// Links from one accelerator to another of packets sprayed over all ways; `path` is cleared first.
  void path(Device from, Device to, std::vector<Hop>& path) const;
  /// How many ways of the least length there are, and how many longer ones through a switch or group off these.
  int ways(Device from, Device to) const;
  int detours(Device from, Device to) const;
  /// One of them, numbered from 0, detours last; `path` is cleared first.
  void way(Device from, Device to, int way, std::vector<Hop>& path) const;
  /// That of a network which always takes the same.
  int preferred_way(Device from, Device to) const;
  /// Whether `path` names only the first of P links between switches, numbered one after the other, that all carry the
  /// same: as one hop of 1 / P.
  virtual bool bundles() const { return false; }
  /// Parts of a network of bundles that each hold as many ways between any two leaves: lane i of a bundle of P links
  /// belongs to part i · planes / P. 1 if there are no such parts.
  virtual int planes() const { return 1; }
  virtual int plane_of(LinkId) const { return 0; }

  /// Time of one step of a collective from one accelerator to the other.
  Seconds latency(Device from, Device to) const;
  /// What of that is the length of the way, beyond the latency of the type of link: long links, further switches.
  Seconds distance(Device from, Device to) const;
  const Routing& routing() const { return routing_; }

  LinkId scale_up_out(Device device) const { return scale_up_out_ >= 0 ? scale_up_out_ + device : nic_out(device); }
  LinkId scale_up_in(Device device) const { return scale_up_in_ >= 0 ? scale_up_in_ + device : nic_in(device); }
  LinkId nic_out(Device device) const { return nic_out_ + nic_of(device); }
  LinkId nic_in(Device device) const { return nic_in_ + nic_of(device); }
  LinkId memory(Device device) const { return memory_ >= 0 ? memory_ + device : -1; }  ///< −1 if it is not a link
  // Of a fabric whose nodes have a host: out of the accelerator, into it, and the memory that those of a node share.
  LinkId host_out(Device device) const { return host_out_ + device; }
  LinkId host_in(Device device) const { return host_in_ + device; }
  LinkId host_memory(Device device) const {
    return host_memory_ + node_of(device) * hosts_per_node_ + device % accelerators_per_node_ / accelerators_per_host_;
  }
  /// Whether what an accelerator exchanges with other nodes takes its link to the host too.
  bool host_carries_network() const { return host_carries_network_; }
  /// First of the links between switches; all after it are such.
  LinkId first_network_link() const { return first_network_link_; }

  LinkId add_level(std::string name, int count, Bandwidth capacity);
  /// Links that differ in capacity.
  LinkId add_level(std::string name, const std::vector<Bandwidth>& capacities);

 protected:
  int nics() const { return nodes_ * nics_per_node_; }
  int nics_per_node() const { return nics_per_node_; }
  Vertex first_switch() const { return devices_ + nics() + nodes_; }

 private:
  // Between NICs of different nodes, without the NICs' own links. NICs are numbered node by node.
  virtual int network_ways(int from_nic, int to_nic) const = 0;
  virtual int network_detours(int, int) const { return 0; }
  /// Appends the links of one way; detours follow the ways.
  virtual void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const = 0;
  /// Appends the links of all ways with the share that crosses each.
  virtual void network_spray(int from_nic, int to_nic, std::vector<Hop>& path) const;
  virtual int preferred_network_way(int, int) const { return 0; }
  /// Links between switches on the shortest way, and what long ones add.
  virtual int network_hops(int from_nic, int to_nic) const = 0;
  virtual Seconds network_delay(int, int) const { return {}; }
  /// Which NIC of the sending node carries traffic to that NIC of another one, both counted within their nodes.
  virtual int sending_nic(int own_nic, int) const { return own_nic; }
  virtual Vertex switch_of(int nic) const = 0;
  virtual LinkEnds network_ends(LinkId link) const = 0;

  int nic_of(Device device) const {
    const int node = device / accelerators_per_node_;
    return node * nics_per_node_ + (device - node * accelerators_per_node_) * nics_per_node_ / accelerators_per_node_;
  }
  bool inside_node(Device from, Device to) const { return scale_up_out_ >= 0 && node_of(from) == node_of(to); }
  struct NicPair {
    int from, to;
  };
  NicPair nics_between(Device from, Device to) const;
  void add_host(const Host& host);
  template <class Network>
  void assemble(Device from, Device to, std::vector<Hop>& path, Network network) const;

  int devices_, nodes_, accelerators_per_node_, nics_per_node_;
  Seconds scale_up_latency_, network_latency_, hop_latency_;
  Routing routing_;
  std::vector<LinkLevel> levels_;
  std::vector<Bandwidth> individual_;  ///< of links from `first_individual_` on
  LinkId first_individual_ = -1;
  std::unique_ptr<const ScaleUp> scale_up_;  ///< none for a switch
  LinkId scale_up_out_ = -1, scale_up_in_ = -1, nic_out_ = -1, nic_in_ = -1, memory_ = -1, first_network_link_ = -1;
  int hosts_per_node_ = 0, accelerators_per_host_ = 1;
  LinkId host_out_ = -1, host_in_ = -1, host_memory_ = -1;
  bool host_carries_network_ = false;
};

/// Turns the links of so many ways, from `begin` on, into one hop for each link with the share of the ways that cross
/// it.
void share_equally(std::vector<Hop>& path, std::ptrdiff_t begin, int ways);

/// The fabric of the cluster's topology. Throws std::logic_error if the cluster was not checked.
std::unique_ptr<Fabric> build_fabric(const Cluster& cluster);

}  // namespace traingrid

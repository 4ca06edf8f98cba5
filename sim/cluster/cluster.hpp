// A cluster as its file describes it: accelerators in nodes, nodes in a network, and what the rest of a node draws.
#pragma once

#include "cluster/accelerator.hpp"
#include "cluster/clos_shape.hpp"
#include "cluster/datacentres.hpp"
#include "cluster/degraded.hpp"
#include "cluster/dragonfly.hpp"
#include "cluster/edge_list.hpp"
#include "cluster/grid.hpp"
#include "cluster/host.hpp"
#include "cluster/imported.hpp"
#include "cluster/link.hpp"
#include "cluster/routing.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// Power of a node beside its accelerators, before and after the power supply (FACILITY: node breakdown).
struct NodePower {
  Watts cpu, memory, nics, other;  ///< per node: all processors, all DIMMs, all NICs, drives and board
  Watts fans;                      ///< per node, under training load
  Watts idle;                      ///< per node without work: all of the above together
  double psu_efficiency = 1;       ///< output over input at training load
  void describe(Fields& fields);
  friend bool operator==(const NodePower&, const NodePower&) = default;
  constexpr Watts hosts() const { return cpu + memory + nics + other + fans; }
};

struct ComputeNode {
  int accelerators = 0;  ///< per node
  int nics = 0;          ///< per node; the accelerators of a node share them evenly
  LinkType scale_up;     ///< per accelerator, all its ports inside the node together
  NodePower power;
  Kilograms embodied;                        ///< one node without its accelerators
  std::string scale_up_topology = "switch";  ///< a name of the table in cluster/scale_up.cpp
  int accelerators_per_pcie_switch = 2;      ///< of a pcie-tree
  bool memory_link = false;                  ///< flows take their rate of the memory bandwidth at both ends
  bool kernels_share_memory = false;         ///< and so do kernels that are limited by memory
  std::optional<Host> host;                  ///< what accelerators can offload to
  void describe(Fields& fields);
  friend bool operator==(const ComputeNode&, const ComputeNode&) = default;
};

struct Switch {
  int ports = 0;
  Watts power;            ///< one switch without optics
  Watts optics_per_port;  ///< transceivers or active cable ends
  Watts total() const { return power + ports * optics_per_port; }
  void describe(Fields& fields);
  friend bool operator==(const Switch&, const Switch&) = default;
};

struct Network {
  std::string topology;  ///< a name of the table in cluster/topology.cpp
  LinkType link;         ///< one NIC port
  ClosShape clos;
  Switch equipment;
  DatacentreShape datacentres;
  DragonflyShape dragonfly;
  GridShape grid;
  EdgeListShape edge_list;
  ImportedShape imported;
  int nics_per_router = 1;      ///< where routers carry NICs: dragonflies and grids
  bool rail_forwarding = true;  ///< to another rail through the accelerator beside its NIC (PXN), not over the spines
  Seconds hop_latency;          ///< of every switch of a way beyond the first
  Routing routing;
  void describe(Fields& fields);
  friend bool operator==(const Network&, const Network&) = default;
};

struct Cluster {
  std::string name;
  Accelerator accelerator;
  int nodes = 0;
  int whole_nodes = 0;  ///< of the machine that `nodes` are allocated from; 0 if they are all of it
  ComputeNode node;
  Network network;
  Watts storage_power_per_node;  ///< file systems that serve the run, shared out over the nodes
  Seconds life;                  ///< over which embodied carbon is spread
  double utilisation = 1;        ///< share of that life in use
  Degraded degraded;
  std::vector<Generation> generations;  ///< of accelerators that differ from `accelerator`

  void describe(Fields& fields);
  friend bool operator==(const Cluster&, const Cluster&) = default;
  int accelerators() const { return nodes * node.accelerators; }
  /// Which of `generations` the accelerators of a node belong to; −1 if they are `accelerator`.
  int generation_of(int node_number) const;
};

/// Why the network, or what is said to be degraded of it, cannot be; or nothing.
std::string network_obstacle(const Cluster& cluster);
std::string degraded_obstacle(const Cluster& cluster);

/// Switches of the whole machine, counted from its shape.
double switch_count(const Cluster& cluster);
/// What of them the allocated nodes account for.
Watts network_power(const Cluster& cluster);

}  // namespace traingrid

// The ways to connect nodes: each is a file of its own and a line of the table in topology.cpp.
#pragma once

#include "cluster/cluster.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace traingrid {

class Fabric;

/// Declares keys of a network that belong to one topology or several.
using ShapeKeys = void (*)(Network& network, Fields& fields, Keys keys);

struct Topology {
  std::string_view name;                            ///< what users write
  std::string_view summary;                         ///< for help and reference
  std::array<ShapeKeys, 3> keys;                    ///< null where there are fewer
  std::string (*obstacle)(const Cluster& cluster);  ///< why it cannot be built, or nothing
  double (*switches)(const Cluster& cluster);       ///< of the whole machine
  std::unique_ptr<Fabric> (*build)(const Cluster& cluster);
  bool has_detours = false;  ///< longer ways, through a switch or group that is neither end's
};
/// Null if there is none of that name.
const Topology* find_topology(std::string_view name);
std::string topology_names();
/// The keys of the named topology; those of all of them if there is no such name.
void describe_shape(Network& network, Fields& fields);

}  // namespace traingrid

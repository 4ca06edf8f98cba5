// How the accelerators of a node are joined: each way is a line of the table in scale_up.cpp.
#pragma once

#include "cluster/fabric.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Links beyond those of the accelerators' own ports, which every path inside a node begins and ends with.
class ScaleUp {
 public:
  virtual ~ScaleUp() = default;
  /// Appends the links from one accelerator of a node to another, both counted within the node.
  virtual void path(int node, int from, int to, std::vector<Hop>& path) const = 0;
};

struct ScaleUpKind {
  std::string_view name, summary;
  std::string (*obstacle)(const ComputeNode& node);  ///< why it cannot be built, or nothing
  /// Adds its levels to the fabric; null where ports are all there is.
  std::unique_ptr<const ScaleUp> (*build)(const Cluster& cluster, Fabric& fabric);
  bool has_ports = true;  ///< else accelerators of a node meet over the network too
};
/// Null if there is none of that name.
const ScaleUpKind* find_scale_up(std::string_view name);
std::string scale_up_names();

}  // namespace traingrid

// Which links a flow takes, out of those that the fabric offers: routing as the cluster file names it.
#pragma once

#include "cluster/fabric.hpp"
#include "cluster/overrides.hpp"

#include <vector>

namespace traingrid {

/// Routes the flows of a step, phase by phase. The same calls in the same order give the same paths.
class Router {
 public:
  Router(const Fabric& fabric, const Overrides& overrides) : fabric_(fabric), overrides_(overrides) {}

  /// Flows routed from here on no longer mind those before (adaptive routing balances the flows of a phase).
  void next_phase() {}
  /// Links of a flow that carries `share` of its phase's volume per member, in order; `path` is cleared first.
  void path(Device from, Device to, double share, std::vector<Hop>& path);
  /// Links up to (or down from) the switch that the collective is computed in: of the node, or of the network.
  void path_to_switch(Device from, bool network, std::vector<Hop>& path);
  void path_from_switch(Device to, bool network, std::vector<Hop>& path);

 private:
  const Fabric& fabric_;
  const Overrides& overrides_;
};

}  // namespace traingrid

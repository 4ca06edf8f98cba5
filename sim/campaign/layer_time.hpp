// How long one layer takes by itself.
#pragma once

#include "cluster/cluster.hpp"
#include "collective/plan.hpp"
#include "workload/run.hpp"

#include <string>

namespace traingrid {

/// Or why it has no time.
struct LayerTime {
  std::string obstacle;
  Seconds forward, backward;
};

/// Of the first layer, for one micro-batch on the ranks of the layout, which has one stage.
LayerTime layer_time(const Run& run, const Cluster& cluster, const Tuning& tuning);

}  // namespace traingrid

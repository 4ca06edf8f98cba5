// Collectives by the plainest algorithm that can do them, at the full payload and latency of the cluster's links.
#pragma once

#include "cluster/cluster.hpp"
#include "collective/plan.hpp"

namespace traingrid {

inline Tuning plain_tuning(const Cluster& cluster) { return tuning_of(cluster, {}); }

}  // namespace traingrid

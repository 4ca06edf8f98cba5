// A row of published measurements as what was run: cluster, collective, ranks, and the numbers to compare.
#pragma once

#include "collective/plan.hpp"
#include "input/node.hpp"
#include "study/collective_bench.hpp"
#include "study/testbed.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// A published number.
struct MeasuredValue {
  std::string id, quantity;
  Bytes size;
  double value = 0;
};

/// Values of one design, or the reason why it cannot be simulated.
struct MeasuredCollective {
  Cluster cluster;
  CollectiveBench bench;  ///< sizes: those of the values
  std::string algorithm;  ///< that was forced; empty: the tuner's
  std::vector<MeasuredValue> values;
  std::string reason;
};

/// The designs of one record; none if it holds no measurement.
std::vector<MeasuredCollective> measured_collectives(const Node& record, const Testbed& testbed);

}  // namespace traingrid

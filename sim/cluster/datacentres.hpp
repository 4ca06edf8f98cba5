// Keys of a machine that is spread over datacentres.
#pragma once

#include "cluster/shape.hpp"
#include "units/quantity.hpp"

namespace traingrid {

enum class LeafKind { rails, nodes };
template <>
struct Spellings<LeafKind> {
  static constexpr std::array<std::string_view, 2> names{"rails", "nodes"};
};

struct DatacentreShape {
  int count = 0;
  LeafKind leaves = LeafKind::rails;  ///< as in a rail-optimised Clos, or as in a leaf–spine Clos
  int long_links = 0;                 ///< in each direction between any two datacentres
  Bandwidth long_bandwidth;           ///< of each, line rate
  Seconds long_latency;               ///< one way
  friend bool operator==(const DatacentreShape&, const DatacentreShape&) = default;
};

}  // namespace traingrid

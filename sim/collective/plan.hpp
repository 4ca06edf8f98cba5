// Which algorithm carries out a collective, and what that means in bytes and seconds on the links of this cluster.
#pragma once

#include "cluster/link.hpp"
#include "collective/collective.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// What decides: the links, and what the user forces.
struct Tuning {
  LinkType scale_up, network;
  std::map<std::string, std::string> forced;  ///< algorithm by spelling of the collective
};

struct Plan {
  struct Part {
    Flows flows = nullptr;
    double volume = 0;         ///< bytes on the wire of a share of 1, per byte of the message
    Seconds latency;           ///< before the flows
    double network_steps = 0;  ///< each of which also takes the length of the way (Fabric::distance)
  };
  std::vector<Part> parts;  ///< one after the other
  std::string_view algorithm;
  std::string_view rule;  ///< why this algorithm, for people
};

/// Pure: equal arguments, equal plan. A group of one has no parts.
Plan plan(const Tuning& tuning, Collective kind, Bytes bytes, const GroupShape& shape);

}  // namespace traingrid

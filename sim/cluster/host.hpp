// The host of some accelerators of a node: memory that they offload to, what its processors make of it, and their
// links.
#pragma once

#include "cluster/link.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <string>

namespace traingrid {

struct Host {
  std::string name;
  int accelerators = 1;  ///< that share it, each with an equal part of its memory
  Bytes memory;
  Bandwidth memory_bandwidth;
  double memory_efficiency = 0;     ///< share of it that copies reach together
  double optimizer_efficiency = 0;  ///< share of it that an optimizer on the processors reaches
  LinkType link;                    ///< of each accelerator to it
  bool carries_network = false;     ///< what an accelerator exchanges with other nodes takes that link too

  void describe(Fields& fields);
  friend bool operator==(const Host&, const Host&) = default;
};

}  // namespace traingrid

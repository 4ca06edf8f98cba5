// Departures from the healthy cluster.
#pragma once

#include "units/index.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

using Device = std::int32_t;  ///< an accelerator, numbered node by node
using LinkId = std::int32_t;

/// Links at a fraction of their rate or down, accelerators that take longer, nodes that are not used.
struct Overrides {
  struct SlowLink {
    LinkId link;
    double rate;  ///< times the healthy one; 0 is a link that is down
    friend bool operator==(const SlowLink&, const SlowLink&) = default;
  };
  struct SlowDevice {
    Device device;
    double slowdown;  ///< times the healthy duration of every kernel
    friend bool operator==(const SlowDevice&, const SlowDevice&) = default;
  };
  std::vector<SlowLink> links;
  std::vector<SlowDevice> devices;
  std::vector<std::int32_t> nodes_out;
  friend bool operator==(const Overrides&, const Overrides&) = default;
};

}  // namespace traingrid

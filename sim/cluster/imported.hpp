// A network that was described for SimGrid: what of its platform file a fabric needs.
#pragma once

#include "cluster/shape.hpp"
#include "units/quantity.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace traingrid {

struct Network;

/// Each host is a NIC: host i is NIC i, counted node by node.
struct ImportedPlatform {
  struct Link {
    std::string name;
    Bandwidth bandwidth;
    Seconds latency;
  };
  std::vector<std::string> hosts;  ///< in the order of their names, numbers by value
  std::vector<Link> links;
  std::vector<std::int32_t> offsets;  ///< into `route_links`, of the route from host i to host j: i · hosts + j
  std::vector<std::int32_t> route_links;
};

struct ImportedShape {
  std::string file;                                  ///< a SimGrid platform file
  std::shared_ptr<const ImportedPlatform> platform;  ///< what is in it; none before it is imported
  friend bool operator==(const ImportedShape&, const ImportedShape&) = default;
};

/// False if the network is still to be imported (engine/platform_import.hpp).
bool is_imported(const Network& network);

}  // namespace traingrid

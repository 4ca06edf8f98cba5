// A cluster and a communication library by their names: what collectives alone need.
#pragma once

#include "cluster/cluster.hpp"
#include "collective/library.hpp"
#include "input/inputs.hpp"

#include <string>
#include <vector>

namespace traingrid {

struct FabricInputs {
  Cluster cluster;
  Library library;
};

/// Reads both with the settings "a.b=v" over what they say. Throws InputError with all problems.
FabricInputs load_fabric(const std::string& cluster, const std::string& library, const std::vector<std::string>& sets,
                         Inputs& inputs);

}  // namespace traingrid

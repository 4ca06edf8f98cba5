// Reads a SimGrid platform file through SimGrid itself, in a child process, into links and routes of a fabric.
#pragma once

#include "cluster/imported.hpp"

#include <filesystem>

namespace traingrid {

struct Cluster;
class Inputs;

/// Everything between the hosts of a platform file. Hosts are in the order of their names, in which numbers count by
/// value: node-9 comes before node-10. Throws std::runtime_error with SimGrid's own words if it cannot be loaded, and
/// if it cannot be a fabric: too few or too many hosts, pairs without a route, links that do not share their bandwidth.
ImportedPlatform import_platform(const std::filesystem::path& file);

/// Imports the platform that the network of a cluster names, if it names one; what is wrong becomes a problem at that
/// key.
void import_network(Inputs& inputs, Cluster& cluster);

}  // namespace traingrid

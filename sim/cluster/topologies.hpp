// What each file of a topology gives to the table: its keys, what is wrong with them, its switches, its fabric.
#pragma once

#include "cluster/topology.hpp"

namespace traingrid {

void clos_keys(Network& network, Fields& fields, Keys keys);
void rail_keys(Network& network, Fields& fields, Keys keys);

std::string rail_optimised_obstacle(const Cluster& cluster);
double rail_optimised_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_rail_optimised(const Cluster& cluster);

std::string leaf_spine_obstacle(const Cluster& cluster);
double leaf_spine_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_leaf_spine(const Cluster& cluster);

}  // namespace traingrid

// What each file of a topology gives to the table: its keys, what is wrong with them, its switches, its fabric.
#pragma once

#include "cluster/topology.hpp"

namespace traingrid {

void clos_keys(Network& network, Fields& fields, Keys keys);
void rail_keys(Network& network, Fields& fields, Keys keys);
void datacentre_keys(Network& network, Fields& fields, Keys keys);
void router_keys(Network& network, Fields& fields, Keys keys);
void grid_keys(Network& network, Fields& fields, Keys keys);
void torus_keys(Network& network, Fields& fields, Keys keys);
void dragonfly_keys(Network& network, Fields& fields, Keys keys);
void dragonfly_plus_keys(Network& network, Fields& fields, Keys keys);
void edge_list_keys(Network& network, Fields& fields, Keys keys);
void imported_keys(Network& network, Fields& fields, Keys keys);

std::string rail_optimised_obstacle(const Cluster& cluster);
double rail_optimised_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_rail_optimised(const Cluster& cluster);

std::string rail_only_obstacle(const Cluster& cluster);
double rail_only_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_rail_only(const Cluster& cluster);

std::string leaf_spine_obstacle(const Cluster& cluster);
double leaf_spine_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_leaf_spine(const Cluster& cluster);

std::string fat_tree_obstacle(const Cluster& cluster);
double fat_tree_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_fat_tree(const Cluster& cluster);

std::string datacentres_obstacle(const Cluster& cluster);
double datacentres_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_datacentres(const Cluster& cluster);

std::string dragonfly_obstacle(const Cluster& cluster);
double dragonfly_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_dragonfly(const Cluster& cluster);

std::string dragonfly_plus_obstacle(const Cluster& cluster);
double dragonfly_plus_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_dragonfly_plus(const Cluster& cluster);

std::string hyperx_obstacle(const Cluster& cluster);
double hyperx_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_hyperx(const Cluster& cluster);

std::string torus_obstacle(const Cluster& cluster);
double torus_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_torus(const Cluster& cluster);

std::string edge_list_obstacle(const Cluster& cluster);
double edge_list_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_edge_list(const Cluster& cluster);

std::string imported_obstacle(const Cluster& cluster);
double imported_switches(const Cluster& cluster);
std::unique_ptr<Fabric> build_imported(const Cluster& cluster);

}  // namespace traingrid

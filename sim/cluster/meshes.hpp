// Nodes whose accelerators are joined without a switch that never blocks.
#pragma once

#include "cluster/scale_up.hpp"

namespace traingrid {

inline constexpr int kCubeMeshSize = 8;

/// An uplink and a downlink for each PCIe switch, as fast as that of an accelerator.
std::unique_ptr<const ScaleUp> build_pcie_tree(const Cluster& cluster, Fabric& fabric);
/// Two quads, each fully joined, and a link from each accelerator to its counterpart, some links double.
std::unique_ptr<const ScaleUp> build_hybrid_cube_mesh(const Cluster& cluster, Fabric& fabric);
/// An equal share of the ports of an accelerator to each other one.
std::unique_ptr<const ScaleUp> build_full_mesh(const Cluster& cluster, Fabric& fabric);

}  // namespace traingrid

#include "cluster/scale_up.hpp"

#include "cluster/meshes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

std::string nothing(const ComputeNode&) { return ""; }

std::string needs_own_nics(const ComputeNode& node) {
  return node.nics == node.accelerators ? "" : "without a scale-up network each accelerator needs a NIC of its own";
}

std::string needs_whole_switches(const ComputeNode& node) {
  if (node.accelerators_per_pcie_switch > 0 && node.accelerators % node.accelerators_per_pcie_switch == 0) return "";
  return fmt::format("{} accelerators are no whole number of PCIe switches with {} each", node.accelerators,
                     node.accelerators_per_pcie_switch);
}

std::string needs_eight(const ComputeNode& node) {
  return node.accelerators == kCubeMeshSize
             ? ""
             : fmt::format("a hybrid-cube-mesh joins 8 accelerators, not {}", node.accelerators);
}

std::string needs_two(const ComputeNode& node) {
  return node.accelerators > 1 ? "" : "a full-mesh joins at least 2 accelerators";
}

constexpr std::array kScaleUps{
    ScaleUpKind{"switch", "each accelerator into switches that never block (NVSwitch, of any size)", nothing, nullptr},
    ScaleUpKind{"pcie-tree", "accelerators below PCIe switches, which meet at a root", needs_whole_switches,
                build_pcie_tree},
    ScaleUpKind{"hybrid-cube-mesh", "8 accelerators with 6 direct links each (DGX-1 V100)", needs_eight,
                build_hybrid_cube_mesh},
    ScaleUpKind{"full-mesh", "a direct link between any two (xGMI)", needs_two, build_full_mesh},
    ScaleUpKind{"none", "accelerators of a node meet over the network, as on a torus of chips", needs_own_nics, nullptr,
                false},
};

}  // namespace

const ScaleUpKind* find_scale_up(std::string_view name) {
  const auto found = std::ranges::find(kScaleUps, name, &ScaleUpKind::name);
  return found == kScaleUps.end() ? nullptr : &*found;
}

std::string scale_up_names() {
  std::string names;
  for (const ScaleUpKind& kind : kScaleUps) {
    if (!names.empty()) names += ", ";
    names += kind.name;
  }
  return names;
}

}  // namespace traingrid

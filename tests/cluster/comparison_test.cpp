// The clusters of the catalogue that compare networks at equal accelerators.
#include "catalogue.hpp"
#include "fabrics.hpp"

using namespace traingrid;

namespace {

/// Mean rate when each accelerator of one half sends to its counterpart in the other, in units of its NIC.
double across_the_middle(const Fabric& fabric) {
  Router router(fabric, {});
  std::vector<std::vector<Hop>> paths;
  const int half = fabric.devices() / 2;
  for (Device device = 0; device < half; ++device) router.path(device, device + half, 1, paths.emplace_back());
  double sum = 0;
  for (const Bandwidth rate : max_min(fabric, paths)) sum += rate / fabric.capacity(fabric.nic_out(0));
  return sum / half;
}

}  // namespace

TEST_CASE("clusters of 1,024 H100 differ in their switches and in what crosses their middle") {
  struct Expected {
    std::string name;
    double switches, rate;
  };
  for (const auto& [name, switches, rate] : std::vector<Expected>{{"h100-1k-rail", 24, 1},
                                                                  {"h100-1k-rail-only", 8, 1},
                                                                  {"h100-1k-leaf-spine", 24, 1},
                                                                  {"h100-1k-dragonfly", 128, 0.125},
                                                                  {"h100-1k-dragonfly-plus", 192, 0.125},
                                                                  {"h100-1k-hyperx", 128, 0.125},
                                                                  {"h100-1k-torus", 0, 2.0 / 8 / 6},
                                                                  {"h100-1k-two-sites", 24, 0.125}}) {
    INFO(name);
    const auto cluster = catalogue_entry<Cluster>("clusters", name);
    const auto fabric = build_fabric(cluster);
    CHECK(cluster.accelerators() == 1024);
    CHECK(switch_count(cluster) == switches);
    CHECK(across_the_middle(*fabric) == Approx(rate).epsilon(0.01));
  }
}

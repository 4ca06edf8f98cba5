#include "cluster/meshes.hpp"

#include "cluster/cluster.hpp"

#include <array>

namespace traingrid {
namespace {

class PcieTree final : public ScaleUp {
 public:
  PcieTree(const Cluster& cluster, Fabric& fabric)
      : size_(cluster.node.accelerators_per_pcie_switch), switches_(cluster.node.accelerators / size_) {
    const Bandwidth lane = cluster.node.scale_up.payload();
    up_ = fabric.add_level("pcie uplink", cluster.nodes * switches_, lane);
    down_ = fabric.add_level("pcie downlink", cluster.nodes * switches_, lane);
  }
  void path(int node, int from, int to, std::vector<Hop>& path) const override {
    if (from / size_ == to / size_) return;
    path.push_back({up_ + node * switches_ + from / size_});
    path.push_back({down_ + node * switches_ + to / size_});
  }

 private:
  int size_, switches_;
  LinkId up_, down_;
};

class FullMesh final : public ScaleUp {
 public:
  FullMesh(const Cluster& cluster, Fabric& fabric) : size_(cluster.node.accelerators) {
    const int peers = size_ - 1;
    first_ = fabric.add_level("mesh", cluster.nodes * size_ * peers, cluster.node.scale_up.payload() / peers);
  }
  void path(int node, int from, int to, std::vector<Hop>& path) const override {
    const int peers = size_ - 1;
    path.push_back({first_ + (node * size_ + from) * peers + (to > from ? to - 1 : to)});
  }

 private:
  int size_;
  LinkId first_;
};

/// NVLinks between any two GPUs of a DGX-1 with V100: Li et al. 2019, "Evaluating modern GPU interconnect",
/// arXiv 1903.04611, figure 1.
constexpr std::array<std::array<int, kCubeMeshSize>, kCubeMeshSize> kBricks{{{0, 1, 1, 2, 2, 0, 0, 0},
                                                                             {1, 0, 2, 1, 0, 2, 0, 0},
                                                                             {1, 2, 0, 2, 0, 0, 1, 0},
                                                                             {2, 1, 2, 0, 0, 0, 0, 1},
                                                                             {2, 0, 0, 0, 0, 1, 1, 2},
                                                                             {0, 2, 0, 0, 1, 0, 2, 1},
                                                                             {0, 0, 1, 0, 1, 2, 0, 2},
                                                                             {0, 0, 0, 1, 2, 1, 2, 0}}};
constexpr int kBricksEach = 6;

class HybridCubeMesh final : public ScaleUp {
 public:
  HybridCubeMesh(const Cluster& cluster, Fabric& fabric) {
    first_ = fabric.add_level("nvlink", cluster.nodes * kCubeMeshSize * kBricksEach,
                              cluster.node.scale_up.payload() / kBricksEach);
  }
  void path(int node, int from, int to, std::vector<Hop>& path) const override {
    if (bricks(from, to) > 0) return cross(node, from, to, 1, path);
    constexpr int half = kCubeMeshSize / 2;
    for (const int between : {(from + half) % kCubeMeshSize, (to + half) % kCubeMeshSize}) {
      cross(node, from, between, 2, path);
      cross(node, between, to, 2, path);
    }
  }

 private:
  static int bricks(int from, int to) { return kBricks[index(from)][index(to)]; }

  /// Appends the bundle from one to a neighbour, which takes one of `ways` parts of the flow.
  void cross(int node, int from, int to, int ways, std::vector<Hop>& path) const {
    LinkId link = first_ + (node * kCubeMeshSize + from) * kBricksEach;
    for (int other = 0; other < to; ++other) link += bricks(from, other);
    for (int brick = 0; brick < bricks(from, to); ++brick)
      path.push_back({link + brick, 1, static_cast<std::uint16_t>(ways * bricks(from, to))});
  }

  LinkId first_;
};

}  // namespace

std::unique_ptr<const ScaleUp> build_pcie_tree(const Cluster& cluster, Fabric& fabric) {
  return std::make_unique<PcieTree>(cluster, fabric);
}
std::unique_ptr<const ScaleUp> build_hybrid_cube_mesh(const Cluster& cluster, Fabric& fabric) {
  return std::make_unique<HybridCubeMesh>(cluster, fabric);
}
std::unique_ptr<const ScaleUp> build_full_mesh(const Cluster& cluster, Fabric& fabric) {
  return std::make_unique<FullMesh>(cluster, fabric);
}

}  // namespace traingrid

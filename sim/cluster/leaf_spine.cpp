// Leaf–spine Clos: all NICs of a node meet at the same leaf switch; leaves meet at spines.
// A leaf's uplinks are one trunk per direction, shared max-min fair: perfect balancing by packet spraying.
#include "cluster/fabric.hpp"

namespace traingrid {
namespace {

class LeafSpine final : public Fabric {
 public:
  explicit LeafSpine(const Cluster& cluster) : Fabric(cluster), nodes_per_leaf_(cluster.network.nodes_per_leaf) {
    const int leaves = (cluster.nodes + nodes_per_leaf_ - 1) / nodes_per_leaf_;
    const Bandwidth below = cluster.network.link.payload() * nodes_per_leaf_ * nics_per_node();
    uplink_ = add_level("leaf uplink", leaves, below / cluster.network.oversubscription);
    downlink_ = add_level("leaf downlink", leaves, below / cluster.network.oversubscription);
  }

 private:
  void network_path(int from_node, int, int to_node, int, std::vector<Hop>& path) const override {
    const int from_leaf = from_node / nodes_per_leaf_, to_leaf = to_node / nodes_per_leaf_;
    if (from_leaf == to_leaf) return;
    path.push_back({uplink_ + from_leaf});
    path.push_back({downlink_ + to_leaf});
  }
  int sending_nic(int own_nic, int) const override { return own_nic; }

  int nodes_per_leaf_;
  LinkId uplink_, downlink_;
};

}  // namespace

std::unique_ptr<Fabric> build_leaf_spine(const Cluster& cluster) { return std::make_unique<LeafSpine>(cluster); }

}  // namespace traingrid

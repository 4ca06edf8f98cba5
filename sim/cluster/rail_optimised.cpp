// Rail-optimised Clos: NIC i of every node of a group meets at leaf switch i; leaves meet at spines.
// A leaf's uplinks are one trunk per direction, shared max-min fair: perfect balancing by packet spraying.
#include "cluster/fabric.hpp"

namespace traingrid {
namespace {

class RailOptimised final : public Fabric {
 public:
  explicit RailOptimised(const Cluster& cluster) : Fabric(cluster), nodes_per_leaf_(cluster.network.nodes_per_leaf) {
    const int groups = (cluster.nodes + nodes_per_leaf_ - 1) / nodes_per_leaf_;
    const Bandwidth trunk = cluster.network.link.payload() * nodes_per_leaf_ / cluster.network.oversubscription;
    uplink_ = add_level("leaf uplink", groups * nics_per_node(), trunk);
    downlink_ = add_level("leaf downlink", groups * nics_per_node(), trunk);
  }

 private:
  void network_path(int from_node, int from_nic, int to_node, int to_nic, std::vector<Hop>& path) const override {
    const int from_leaf = leaf(from_node, from_nic), to_leaf = leaf(to_node, to_nic);
    if (from_leaf == to_leaf) return;
    path.push_back({uplink_ + from_leaf});
    path.push_back({downlink_ + to_leaf});
  }
  int sending_nic(int, int to_nic) const override { return to_nic; }  // stay on the rail of the receiver
  int leaf(int node, int nic) const { return node / nodes_per_leaf_ * nics_per_node() + nic; }

  int nodes_per_leaf_;
  LinkId uplink_, downlink_;
};

}  // namespace

std::unique_ptr<Fabric> build_rail_optimised(const Cluster& cluster) {
  return std::make_unique<RailOptimised>(cluster);
}

}  // namespace traingrid

// Leaf switches below spines, in two tiers or three (blocks of leaves below a core); every uplink is a link of its own.
// Leiserson, "Fat-trees", IEEE Trans. Computers 1985; Al-Fares et al., SIGCOMM 2008.
#pragma once

#include "cluster/fabric.hpp"

namespace traingrid {

/// Who meets at a leaf, and what leads up from it. A lane is one uplink with its downlink.
struct ClosPlan {
  int nics_per_leaf = 1;
  int leaves_per_group = 1;  ///< that the NICs of a node are spread over: one, or one for each rail
  bool forwarding = false;   ///< to another rail through the accelerator beside its NIC, inside the sending node
  bool rails_apart = false;  ///< leaves of different rails have no switch in common below the third tier
  double oversubscription = 1;
  int groups_per_block = 0;  ///< groups of leaves that meet below the third tier; 0 if there are two tiers
  double block_oversubscription = 1;
  bool has_core = true;  ///< above the blocks; else links of another kind join them

  int lanes() const;  ///< of a leaf
  int leaves_per_block() const { return groups_per_block * (rails_apart ? 1 : leaves_per_group); }
  int lanes_above() const;  ///< of a switch of the second tier
};

enum class Leaves { of_nodes, of_rails };

/// As the keys of the cluster's network say.
ClosPlan clos_plan(const Cluster& cluster, Leaves leaves);
/// Why such a network cannot be built, or nothing.
std::string clos_obstacle(const Cluster& cluster, const ClosPlan& plan);
/// Switches of the whole machine: leaves, and above them as many as their uplinks need, in two tiers or three. Two
/// tiers with more leaves than a spine has ports are completed by a third that does not block.
double clos_switches(const Cluster& cluster, const ClosPlan& plan);

class Clos : public Fabric {
 public:
  Clos(const Cluster& cluster, const ClosPlan& plan);
  bool bundles() const override { return true; }
  int planes() const override { return lanes_; }
  int plane_of(LinkId link) const override;

 protected:
  const ClosPlan& plan() const { return plan_; }
  int block_of(int nic) const { return block_of_leaf(leaf_of(nic)); }
  Vertex first_spine() const { return first_switch() + leaves_; }
  virtual Vertex spine(int block, int lane) const { return first_spine() + block * lanes_ + lane; }
  /// Between blocks: how many ways lead on from a lane, and the links of all of them together or of one.
  virtual int ways_between_blocks() const { return lanes_above_; }
  virtual void between_blocks(int from, int to, std::vector<Hop>& path) const;
  virtual void between_blocks(int from, int to, int lane, int way, std::vector<Hop>& path) const;

  int network_ways(int from_nic, int to_nic) const override;
  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override;
  void network_spray(int from_nic, int to_nic, std::vector<Hop>& path) const override;
  int network_hops(int from_nic, int to_nic) const override;
  int sending_nic(int own_nic, int to_nic) const override { return plan_.forwarding ? to_nic : own_nic; }
  int preferred_network_way(int from_nic, int to_nic) const override { return to_nic % network_ways(from_nic, to_nic); }
  Vertex switch_of(int nic) const override { return first_switch() + leaf_of(nic); }
  LinkEnds network_ends(LinkId link) const override;

 private:
  int leaf_of(int nic) const;
  int block_of_leaf(int leaf) const;

  ClosPlan plan_;
  int lanes_, lanes_above_, leaves_, blocks_;
  LinkId up_ = -1, down_ = -1, block_up_ = -1, block_down_ = -1;
};

}  // namespace traingrid

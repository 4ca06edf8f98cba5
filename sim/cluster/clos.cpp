#include "cluster/clos.hpp"

#include "cluster/direct.hpp"
#include "cluster/topologies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

int at_least_one_lane(double needed) {
  constexpr double kRounding = 1e-9;
  return std::max(1, static_cast<int>(std::ceil(needed - kRounding)));
}

}  // namespace

void clos_keys(Network& network, Fields& fields, Keys keys) { network.clos.describe(fields, keys); }

void ClosShape::describe(Fields& fields, Keys keys) {
  needed_key(fields, keys, "nodes_per_leaf", nodes_per_leaf, "Nodes below a leaf switch (of each rail).", at_least_one);
  needed_key(fields, keys, "oversubscription", oversubscription, "Bandwidth below a leaf over that above it.",
             at_least_one);
  fields.optional("nodes_per_pod", nodes_per_pod, "Nodes that meet below the third tier, if there is one.",
                  at_least_one);
  fields.optional("pod_oversubscription", pod_oversubscription,
                  "Bandwidth below the switches of a pod over that above.", at_least_one);
}

int ClosPlan::lanes() const { return at_least_one_lane(nics_per_leaf / oversubscription); }
int ClosPlan::lanes_above() const { return at_least_one_lane(leaves_per_block() / block_oversubscription); }

ClosPlan clos_plan(const Cluster& cluster, Leaves leaves) {
  const ClosShape& shape = cluster.network.clos;
  const bool rails = leaves == Leaves::of_rails;
  const int nodes_per_leaf = std::max(1, shape.nodes_per_leaf);
  ClosPlan plan{.nics_per_leaf = nodes_per_leaf * (rails ? 1 : cluster.node.nics),
                .leaves_per_group = rails ? cluster.node.nics : 1,
                .oversubscription = shape.oversubscription,
                .block_oversubscription = shape.pod_oversubscription};
  if (shape.nodes_per_pod > 0) plan.groups_per_block = std::max(1, shape.nodes_per_pod / nodes_per_leaf);
  plan.rails_apart = rails && plan.groups_per_block > 0;
  return plan;
}

std::string clos_obstacle(const Cluster& cluster, const ClosPlan& plan) {
  const ClosShape& shape = cluster.network.clos;
  const int ports = cluster.network.equipment.ports;
  if (shape.nodes_per_leaf <= 0) return "";
  if (shape.nodes_per_pod > 0 && shape.nodes_per_pod % shape.nodes_per_leaf != 0) {
    return fmt::format("a pod of {} nodes is no whole number of leaves of {} nodes", shape.nodes_per_pod,
                       shape.nodes_per_leaf);
  }
  if (shape.nodes_per_pod == 0 && shape.pod_oversubscription > 1)
    return "pod_oversubscription has no effect without nodes_per_pod";
  const double nodes_of_leaf = std::min(cluster.nodes, shape.nodes_per_leaf);
  const double down = nodes_of_leaf * cluster.node.nics / plan.leaves_per_group;
  const double needed = cluster.nodes > shape.nodes_per_leaf ? down + down / plan.oversubscription : down;
  if (needed > ports)
    return fmt::format("a leaf needs {:.0f} ports for its nodes and uplinks; the switch has {}", needed, ports);
  const double ways = static_cast<double>(plan.lanes()) * (plan.groups_per_block > 0 ? plan.lanes_above() : 1);
  if (ways > kMostWays) return fmt::format("{:.0f} ways between two leaves; at most {} are modelled", ways, kMostWays);
  return "";
}

double clos_switches(const Cluster& cluster, const ClosPlan& plan) {
  const double nics = static_cast<double>(std::max(cluster.nodes, cluster.whole_nodes)) * cluster.node.nics;
  const double ports = cluster.network.equipment.ports;
  const double leaves = std::ceil(nics / (plan.nics_per_leaf * plan.leaves_per_group)) * plan.leaves_per_group;
  if (leaves == 1 || nics <= ports) return 1;
  if (plan.groups_per_block == 0) {
    const double uplinks = nics / plan.oversubscription;
    const double spines = std::ceil(uplinks / ports);
    return leaves + spines + (leaves > ports ? std::ceil(2 * uplinks / ports) : 0);  // the third tier turns both ways
  }
  const double blocks = std::ceil(leaves / plan.leaves_per_block());
  const double uplinks = static_cast<double>(plan.leaves_per_block()) * plan.lanes();
  const double above = static_cast<double>(plan.lanes()) * plan.lanes_above();
  const double core = blocks > 1 ? std::ceil(blocks * above / ports) : 0;
  return leaves + blocks * std::ceil((uplinks + (blocks > 1 ? above : 0)) / ports) + core;
}

Clos::Clos(const Cluster& cluster, const ClosPlan& plan)
    : Fabric(cluster), plan_(plan), lanes_(plan.lanes()), lanes_above_(plan.lanes_above()) {
  const int groups = parts_of(nics(), plan.nics_per_leaf * plan.leaves_per_group);
  const int tall = plan.groups_per_block > 0 ? parts_of(groups, plan.groups_per_block) : 1;
  leaves_ = groups * plan.leaves_per_group;
  blocks_ = tall * (plan.rails_apart ? plan.leaves_per_group : 1);
  if (leaves_ == 1 || (groups == 1 && plan.forwarding)) return;
  const Bandwidth above_leaf = cluster.network.link.payload() * plan.nics_per_leaf / plan.oversubscription;
  up_ = add_level("leaf uplink", leaves_ * lanes_, above_leaf / lanes_);
  down_ = add_level("leaf downlink", leaves_ * lanes_, above_leaf / lanes_);
  if (tall == 1 || !plan.has_core) return;
  const Bandwidth above_spine = above_leaf / lanes_ * plan.leaves_per_block() / plan.block_oversubscription;
  block_up_ = add_level("pod uplink", blocks_ * lanes_ * lanes_above_, above_spine / lanes_above_);
  block_down_ = add_level("pod downlink", blocks_ * lanes_ * lanes_above_, above_spine / lanes_above_);
}

int Clos::leaf_of(int nic) const {
  if (plan_.leaves_per_group == 1) return nic / plan_.nics_per_leaf;
  const int rails = plan_.leaves_per_group;
  return nic / (rails * plan_.nics_per_leaf) * rails + nic % rails;
}

int Clos::block_of_leaf(int leaf) const {
  if (plan_.groups_per_block == 0) return plan_.rails_apart ? leaf % plan_.leaves_per_group : 0;
  const int tall = leaf / (plan_.leaves_per_group * plan_.groups_per_block);
  return plan_.rails_apart ? tall * plan_.leaves_per_group + leaf % plan_.leaves_per_group : tall;
}

int Clos::network_ways(int from_nic, int to_nic) const {
  const int from = leaf_of(from_nic), to = leaf_of(to_nic);
  if (from == to) return 1;
  return block_of_leaf(from) == block_of_leaf(to) ? lanes_ : lanes_ * ways_between_blocks();
}

int Clos::network_hops(int from_nic, int to_nic) const {
  const int from = leaf_of(from_nic), to = leaf_of(to_nic);
  if (from == to) return 0;
  return block_of_leaf(from) == block_of_leaf(to) ? 2 : 4;
}

void Clos::network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const {
  const int from = leaf_of(from_nic), to = leaf_of(to_nic);
  if (from == to) return;
  const int from_block = block_of_leaf(from), to_block = block_of_leaf(to);
  const int onward = from_block == to_block ? 1 : ways_between_blocks();
  const int lane = way / onward;
  path.push_back({up_ + from * lanes_ + lane});
  if (from_block != to_block) between_blocks(from_block, to_block, lane, way % onward, path);
  path.push_back({down_ + to * lanes_ + lane});
}

void Clos::network_spray(int from_nic, int to_nic, std::vector<Hop>& path) const {
  const int from = leaf_of(from_nic), to = leaf_of(to_nic);
  if (from == to) return;
  const auto lanes = static_cast<std::uint16_t>(lanes_);
  path.push_back({up_ + from * lanes_, 1, lanes});
  const int from_block = block_of_leaf(from), to_block = block_of_leaf(to);
  if (from_block != to_block) between_blocks(from_block, to_block, path);
  path.push_back({down_ + to * lanes_, 1, lanes});
}

void Clos::between_blocks(int from, int to, std::vector<Hop>& path) const {
  const int lanes = lanes_ * lanes_above_;
  path.push_back({block_up_ + from * lanes, 1, static_cast<std::uint16_t>(lanes)});
  path.push_back({block_down_ + to * lanes, 1, static_cast<std::uint16_t>(lanes)});
}

void Clos::between_blocks(int from, int to, int lane, int way, std::vector<Hop>& path) const {
  path.push_back({block_up_ + (from * lanes_ + lane) * lanes_above_ + way});
  path.push_back({block_down_ + (to * lanes_ + lane) * lanes_above_ + way});
}

int Clos::plane_of(LinkId link) const {
  const bool above_spine = block_up_ >= 0 && link >= block_up_;
  if (above_spine) return (link - block_up_) / lanes_above_ % lanes_;
  return (link - up_) % lanes_;
}

LinkEnds Clos::network_ends(LinkId link) const {
  if (block_up_ >= 0 && link >= block_up_) {
    const bool up = link < block_down_;
    const int lane = link - (up ? block_up_ : block_down_);
    const int per_block = lanes_ * lanes_above_;
    const Vertex core = first_spine() + blocks_ * lanes_ + lane % per_block;
    const Vertex below = spine(lane / per_block, lane / lanes_above_ % lanes_);
    return up ? LinkEnds{below, core} : LinkEnds{core, below};
  }
  const bool up = link < down_;
  const int lane = link - (up ? up_ : down_), leaf = lane / lanes_;
  const Vertex leaf_switch = first_switch() + leaf, above = spine(block_of_leaf(leaf), lane % lanes_);
  return up ? LinkEnds{leaf_switch, above} : LinkEnds{above, leaf_switch};
}

}  // namespace traingrid

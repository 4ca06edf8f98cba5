// Datacentres that are each a two-tier Clos, with long links between the spines of any two: bandwidth and latency.
#include "cluster/datacentres.hpp"

#include "cluster/clos.hpp"
#include "cluster/direct.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {
namespace {

int nodes_each(const Cluster& cluster) {
  return std::max(cluster.nodes, cluster.whole_nodes) / std::max(1, cluster.network.datacentres.count);
}

ClosPlan plan_of(const Cluster& cluster) {
  const bool rails = cluster.network.datacentres.leaves == LeafKind::rails;
  ClosPlan plan = clos_plan(cluster, rails ? Leaves::of_rails : Leaves::of_nodes);
  plan.forwarding = rails;
  plan.groups_per_block = nodes_each(cluster) / std::max(1, cluster.network.clos.nodes_per_leaf);
  plan.rails_apart = plan.has_core = false;
  return plan;
}

/// Spines of a datacentre hold all its long links: they are balanced over them, and what a spine carries is not asked.
class Datacentres final : public Clos {
 public:
  explicit Datacentres(const Cluster& cluster)
      : Clos(cluster, plan_of(cluster)),
        count_(cluster.network.datacentres.count),
        links_(cluster.network.datacentres.long_links),
        delay_(cluster.network.datacentres.long_latency) {
    if (block_of(nics() - 1) == 0) return;
    const Bandwidth rate = cluster.network.datacentres.long_bandwidth * cluster.network.link.efficiency;
    first_ = add_level("long link", count_ * (count_ - 1) * links_, rate);
  }
  int planes() const override { return 1; }

 private:
  LinkId between(int from, int to) const { return first_ + (from * (count_ - 1) + (to > from ? to - 1 : to)) * links_; }
  int ways_between_blocks() const override { return links_; }
  void between_blocks(int from, int to, std::vector<Hop>& path) const override {
    path.push_back({between(from, to), 1, static_cast<std::uint16_t>(links_)});
  }
  void between_blocks(int from, int to, int, int way, std::vector<Hop>& path) const override {
    path.push_back({between(from, to) + way});
  }
  int network_hops(int from_nic, int to_nic) const override {
    return std::min(3, Clos::network_hops(from_nic, to_nic));
  }
  Seconds network_delay(int from_nic, int to_nic) const override {
    return block_of(from_nic) == block_of(to_nic) ? Seconds{} : delay_;
  }
  Vertex spine(int block, int) const override { return first_spine() + block; }
  LinkEnds network_ends(LinkId link) const override {
    if (first_ < 0 || link < first_) return Clos::network_ends(link);
    const int pair = (link - first_) / links_, from = pair / (count_ - 1), there = pair % (count_ - 1);
    return {spine(from, 0), spine(there >= from ? there + 1 : there, 0)};
  }

  int count_, links_;
  Seconds delay_;
  LinkId first_ = -1;
};

}  // namespace

void datacentre_keys(Network& network, Fields& fields, Keys keys) {
  DatacentreShape& shape = network.datacentres;
  constexpr Range several{.low = 2, .text = "at least 2"};
  needed_key(fields, keys, "datacentres", shape.count, "Equal parts, each in a place of its own.", several);
  fields.optional("leaves", shape.leaves, "Whose NICs meet at a leaf of a datacentre: those of a rail or of nodes.");
  needed_key(fields, keys, "long_links", shape.long_links, "In each direction between any two datacentres.",
             at_least_one);
  needed_key(fields, keys, "long_bandwidth", shape.long_bandwidth, "Line rate of one of them.", hardware_rate);
  needed_key(fields, keys, "long_latency", shape.long_latency, "One way along one of them.", hardware_delay);
}

std::string datacentres_obstacle(const Cluster& cluster) {
  const int count = std::max(1, cluster.network.datacentres.count);
  const int leaf = std::max(1, cluster.network.clos.nodes_per_leaf);
  if (cluster.network.clos.nodes_per_pod > 0) return "datacentres have two tiers; leave nodes_per_pod out";
  const int machine = std::max(cluster.nodes, cluster.whole_nodes);
  if (machine % count != 0 || machine / count % leaf != 0)
    return fmt::format("{} nodes do not fill {} datacentres with leaves of {} nodes each", machine, count, leaf);
  const ClosPlan plan = plan_of(cluster);
  if (std::int64_t{plan.lanes()} * cluster.network.datacentres.long_links > kMostWays)
    return fmt::format("more than {} ways between two leaves are not modelled", kMostWays);
  return clos_obstacle(cluster, plan);
}

double datacentres_switches(const Cluster& cluster) {
  Cluster each = cluster;
  each.whole_nodes = 0;
  each.nodes = nodes_each(cluster);
  ClosPlan plan = plan_of(cluster);
  plan.groups_per_block = 0;
  return cluster.network.datacentres.count * clos_switches(each, plan);
}

std::unique_ptr<Fabric> build_datacentres(const Cluster& cluster) { return std::make_unique<Datacentres>(cluster); }

}  // namespace traingrid

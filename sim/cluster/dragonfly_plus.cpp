// Dragonfly+: each group is a leaf–spine Clos, and global links lead from its spines to those of other groups.
// Shpiner et al., "Dragonfly+: low cost topology for scaling datacenters", HiPINEB 2017.
#include "cluster/direct.hpp"
#include "cluster/dragonfly.hpp"
#include "cluster/topologies.hpp"

namespace traingrid {
namespace {

class DragonflyPlus final : public DirectNetwork {
 public:
  explicit DragonflyPlus(const Cluster& cluster)
      : DirectNetwork(cluster),
        leaves_(cluster.network.dragonfly.routers_per_group),
        spines_(cluster.network.dragonfly.spines_per_group),
        global_(cluster.network.dragonfly, spines_) {
    const Bandwidth rate = cluster.network.link.payload();
    up_ = add_level("leaf uplink", global_.groups() * leaves_ * spines_, rate);
    down_ = add_level("leaf downlink", global_.groups() * leaves_ * spines_, rate);
    first_global_ = add_level("global link", global_.count(), rate);
  }

 private:
  int group_of(int leaf) const { return leaf / leaves_; }
  LinkId up(int leaf, int spine) const { return up_ + leaf * spines_ + spine; }
  LinkId down(int leaf, int spine) const { return down_ + leaf * spines_ + spine; }

  int network_ways(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    if (from == to) return 1;
    return group_of(from) == group_of(to) ? spines_ : global_.per_pair();
  }

  int network_detours(int from_nic, int to_nic) const override {
    const bool same_group = group_of(router_of(from_nic)) == group_of(router_of(to_nic));
    return same_group ? 0 : (global_.groups() - 2) * global_.per_pair();
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    const int from = router_of(from_nic), to = router_of(to_nic), ways = network_ways(from_nic, to_nic);
    if (from == to) return;
    const int own = group_of(from), other = group_of(to);
    if (own == other) {
      path.push_back({up(from, way)});
      path.push_back({down(to, way)});
    } else if (way < ways) {
      path.push_back({up(from, global_.router(own, other, way))});
      const int spine = cross(own, other, way, path);
      path.push_back({down(to, spine)});
    } else {
      detour(from, to, way - ways, path);
    }
  }

  /// Through another group, where a leaf leads on to the right spine if the first is not that.
  void detour(int from, int to, int number, std::vector<Hop>& path) const {
    const int own = group_of(from), other = group_of(to), lane = number % global_.per_pair();
    int between = number / global_.per_pair();
    if (between >= (own < other ? own : other)) ++between;
    if (between >= (own < other ? other : own)) ++between;
    path.push_back({up(from, global_.router(own, between, lane))});
    const int arrived = cross(own, between, lane, path), leaving = global_.router(between, other, lane);
    if (arrived != leaving) {
      const int leaf = between * leaves_ + (from + to) % leaves_;
      path.push_back({down(leaf, arrived)});
      path.push_back({up(leaf, leaving)});
    }
    path.push_back({down(to, cross(between, other, lane, path))});
  }

  /// A global link; the spine it ends at.
  int cross(int from_group, int to_group, int number, std::vector<Hop>& path) const {
    path.push_back({first_global_ + global_.position(from_group, to_group, number)});
    return global_.router(to_group, from_group, number);
  }

  int network_hops(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    if (from == to) return 0;
    return group_of(from) == group_of(to) ? 2 : 3;
  }

  Vertex spine(int group, int number) const { return router(global_.groups() * leaves_ + group * spines_ + number); }

  LinkEnds network_ends(LinkId link) const override {
    if (link < first_global_) {
      const bool is_up = link < down_;
      const int port = link - (is_up ? up_ : down_), leaf = port / spines_;
      const Vertex above = spine(group_of(leaf), port % spines_);
      return is_up ? LinkEnds{router(leaf), above} : LinkEnds{above, router(leaf)};
    }
    const int position = link - first_global_;
    const int from = global_.group_at(position), to = global_.group_reached(position);
    return {spine(from, global_.router_at(position)), spine(to, global_.router(to, from, global_.number_at(position)))};
  }

  int leaves_, spines_;
  GlobalLinks global_;
  LinkId up_ = -1, down_ = -1, first_global_ = -1;
};

}  // namespace

void dragonfly_plus_keys(Network& network, Fields& fields, Keys keys) {
  needed_key(fields, keys, "spines_per_group", network.dragonfly.spines_per_group,
             "Spines of a group, which hold its global links.", at_least_one);
}

std::string dragonfly_plus_obstacle(const Cluster& cluster) {
  const DragonflyShape& shape = cluster.network.dragonfly;
  std::string reason = groups_obstacle(cluster, shape.spines_per_group);
  if (reason.empty()) reason = ports_obstacle(cluster, shape.spines_per_group);
  const int needed = shape.routers_per_group + shape.global_links_per_router;
  if (reason.empty() && needed > cluster.network.equipment.ports)
    reason = fmt::format("a spine needs {} ports; the switch has {}", needed, cluster.network.equipment.ports);
  return reason;
}

double dragonfly_plus_switches(const Cluster& cluster) {
  const DragonflyShape& shape = cluster.network.dragonfly;
  return static_cast<double>(shape.groups) * (shape.routers_per_group + shape.spines_per_group);
}

std::unique_ptr<Fabric> build_dragonfly_plus(const Cluster& cluster) {
  return std::make_unique<DragonflyPlus>(cluster);
}

}  // namespace traingrid

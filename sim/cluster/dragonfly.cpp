// Dragonfly: groups of routers that are all joined to each other, and global links between any two groups.
// Kim, Dally, Scott and Abts, "Technology-driven, highly-scalable dragonfly topology", ISCA 2008.
#include "cluster/dragonfly.hpp"

#include "cluster/direct.hpp"
#include "cluster/topologies.hpp"

#include <algorithm>

namespace traingrid {
namespace {

class Dragonfly final : public DirectNetwork {
 public:
  explicit Dragonfly(const Cluster& cluster)
      : DirectNetwork(cluster),
        size_(cluster.network.dragonfly.routers_per_group),
        global_(cluster.network.dragonfly, size_) {
    const Bandwidth rate = cluster.network.link.payload();
    first_local_ = add_level("local link", global_.groups() * size_ * (size_ - 1), rate);
    first_global_ = add_level("global link", global_.count(), rate);
  }

 private:
  int group_of(int router) const { return router / size_; }

  int network_ways(int from_nic, int to_nic) const override {
    return group_of(router_of(from_nic)) == group_of(router_of(to_nic)) ? 1 : global_.per_pair();
  }

  int network_detours(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    if (from == to) return 0;
    if (group_of(from) == group_of(to)) return size_ - 2;
    return (global_.groups() - 2) * global_.per_pair();
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    const int from = router_of(from_nic), to = router_of(to_nic), ways = network_ways(from_nic, to_nic);
    if (way >= ways) return detour(from, to, way - ways, path);
    if (group_of(from) == group_of(to)) return local(from, to, path);
    local(land(from, group_of(to), way, path), to, path);
  }

  /// Through a router of the same group, or through a group that is neither end's.
  void detour(int from, int to, int number, std::vector<Hop>& path) const {
    const int from_group = group_of(from), to_group = group_of(to);
    if (from_group == to_group) {
      const int between = other_than(number, from % size_, to % size_) + from_group * size_;
      local(from, between, path);
      return local(between, to, path);
    }
    const int between = other_than(number / global_.per_pair(), from_group, to_group);
    const int lane = number % global_.per_pair();
    local(land(land(from, between, lane, path), to_group, lane, path), to, path);
  }

  /// The `number`-th of 0, 1, … that is neither of two.
  static int other_than(int number, int one, int two) {
    if (number >= (one < two ? one : two)) ++number;
    return number >= (one < two ? two : one) ? number + 1 : number;
  }

  /// Goes to another group by a global link; the router it ends at.
  int land(int from, int group, int number, std::vector<Hop>& path) const {
    const int own = group_of(from);
    local(from, own * size_ + global_.router(own, group, number), path);
    path.push_back({first_global_ + global_.position(own, group, number)});
    return group * size_ + global_.router(group, own, number);
  }

  void local(int from, int to, std::vector<Hop>& path) const {
    if (from == to) return;
    const int there = to % size_, here = from % size_;
    path.push_back({first_local_ + from * (size_ - 1) + (there > here ? there - 1 : there)});
  }

  int network_hops(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    const int from_group = group_of(from), to_group = group_of(to);
    if (from_group == to_group) return from == to ? 0 : 1;
    const bool before = global_.router(from_group, to_group, 0) != from % size_;
    const bool after = global_.router(to_group, from_group, 0) != to % size_;
    return 1 + (before ? 1 : 0) + (after ? 1 : 0);
  }

  LinkEnds network_ends(LinkId link) const override {
    if (link < first_global_) {
      const int port = link - first_local_, from = port / (size_ - 1), there = port % (size_ - 1);
      const int here = from % size_;
      return {router(from), router(from - here + (there >= here ? there + 1 : there))};
    }
    const int position = link - first_global_;
    const int from = global_.group_at(position), to = global_.group_reached(position);
    return {router(from * size_ + global_.router_at(position)),
            router(to * size_ + global_.router(to, from, global_.number_at(position)))};
  }

  int size_;
  GlobalLinks global_;
  LinkId first_local_ = -1, first_global_ = -1;
};

}  // namespace

void dragonfly_keys(Network& network, Fields& fields, Keys keys) {
  DragonflyShape& shape = network.dragonfly;
  needed_key(fields, keys, "groups", shape.groups, "Groups of routers.", at_least_one);
  needed_key(fields, keys, "routers_per_group", shape.routers_per_group, "Routers of a group that carry NICs.",
             at_least_one);
  needed_key(fields, keys, "global_links_per_router", shape.global_links_per_router,
             "Links to other groups from each router that has such (of a dragonfly-plus: each spine).", at_least_one);
}

std::string groups_obstacle(const Cluster& cluster, int routers_that_hold_them) {
  const DragonflyShape& shape = cluster.network.dragonfly;
  const std::int64_t links = std::int64_t{routers_that_hold_them} * shape.global_links_per_router;
  if (shape.groups > 1 && (links < shape.groups - 1 || links % (shape.groups - 1) != 0)) {
    return fmt::format("the {} global links of a group do not go evenly to {} other groups", links, shape.groups - 1);
  }
  const double routers = static_cast<double>(shape.groups) * shape.routers_per_group;
  std::string reason =
      routers_obstacle(cluster, routers, fmt::format("{} x {}", shape.groups, shape.routers_per_group));
  const double global = static_cast<double>(links) / std::max(1, shape.routers_per_group);
  const double all = shape.routers_per_group + shape.spines_per_group + global;
  const double ways = static_cast<double>(links) / std::max(1, shape.groups - 1);
  return reason.empty() ? count_obstacle(routers, all, std::max<double>(ways, shape.spines_per_group)) : reason;
}

std::string dragonfly_obstacle(const Cluster& cluster) {
  const DragonflyShape& shape = cluster.network.dragonfly;
  std::string reason = groups_obstacle(cluster, shape.routers_per_group);
  return reason.empty() ? ports_obstacle(cluster, shape.routers_per_group - 1 + shape.global_links_per_router) : reason;
}

double dragonfly_switches(const Cluster& cluster) {
  return static_cast<double>(cluster.network.dragonfly.groups) * cluster.network.dragonfly.routers_per_group;
}

std::unique_ptr<Fabric> build_dragonfly(const Cluster& cluster) { return std::make_unique<Dragonfly>(cluster); }

}  // namespace traingrid

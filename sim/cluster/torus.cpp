// Torus or mesh of any dimensions, routed dimension by dimension (Dally and Seitz, 1987). With one NIC at each router
// it is the NIC: accelerators sit in the torus itself (TPU v4: Jouppi et al., ISCA 2023). Which links optical switches
// are set to is said by the dimensions, by which of them close, and by how they are twisted (Camara et al., "Twisted
// torus topologies for enhanced interconnection networks", IEEE TPDS 21(12), 2010).
#include "cluster/direct.hpp"
#include "cluster/grid.hpp"
#include "cluster/topologies.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace traingrid {
namespace {

/// Links from a router along a dimension: two to a ring or line, one where the ring has only two places.
int directions(int size) { return size > 2 ? 2 : size - 1; }

double ports_of_nic(const Network& network) {
  if (network.nics_per_router > 1) return 1;
  double ports = 0;
  for (const int size : network.grid.dimensions) ports += directions(size) * network.grid.links_per_pair;
  return std::max(1.0, ports);
}

class Torus final : public DirectNetwork {
 public:
  explicit Torus(const Cluster& cluster)
      : DirectNetwork(cluster, ports_of_nic(cluster.network)),
        grid_(cluster.network.grid.dimensions),
        is_ring_(cluster.network.grid.dimensions.size(), true),
        twist_of_(cluster.network.grid.dimensions.size()),
        lanes_(cluster.network.grid.links_per_pair) {
    for (const int d : cluster.network.grid.lines) is_ring_[index(d)] = false;
    for (const Twist& twist : cluster.network.grid.twists) twist_of_[index(twist.dimension)] = twist;
    for (int d = 0; d < grid_.dimensions(); ++d) {
      first_.push_back(add_level(fmt::format("torus link {}", d), grid_.routers() * directions(grid_.size(d)) * lanes_,
                                 cluster.network.link.payload()));
    }
  }

 private:
  using Steps = std::vector<int>;  // by dimension; its sign is the direction

  static int length(const Steps& steps) {
    return std::accumulate(steps.begin(), steps.end(), 0, [](int sum, int step) { return sum + std::abs(step); });
  }

  /// All shortest ways, dimension by dimension. Up to twice around a twisted dimension can be one.
  std::vector<Steps> shortest(int from, int to) const {
    std::vector<Steps> ways{Steps(index(grid_.dimensions()))};
    for (int d = 0; d < grid_.dimensions(); ++d)
      ways[0][index(d)] = grid_.coordinate(to, d) - grid_.coordinate(from, d);
    for (int d = 0; d < grid_.dimensions(); ++d) {
      if (twist_of_[index(d)].by > 0) add_rounds(d, ways);
    }
    for (int d = 0; d < grid_.dimensions(); ++d) {
      if (is_ring_[index(d)] && twist_of_[index(d)].by == 0) go_the_shorter_way(d, ways);
    }
    const int least = length(std::ranges::min(ways, {}, length));
    std::erase_if(ways, [&](const Steps& steps) { return length(steps) > least; });
    return ways;
  }

  void add_rounds(int d, std::vector<Steps>& ways) const {
    const Twist& twist = twist_of_[index(d)];
    const std::vector<Steps> before = ways;
    for (const int rounds : {-2, -1, 1, 2}) {
      for (Steps steps : before) {
        steps[index(d)] += rounds * grid_.size(d);
        steps[index(twist.along)] -= rounds * twist.by;
        ways.push_back(std::move(steps));
      }
    }
  }

  /// Both ways where they are equally far, unless the same link is both.
  void go_the_shorter_way(int d, std::vector<Steps>& ways) const {
    const int size = grid_.size(d);
    for (std::size_t way = 0, before = ways.size(); way < before; ++way) {
      const int forward = ((ways[way][index(d)] % size) + size) % size;
      ways[way][index(d)] = 2 * forward <= size ? forward : forward - size;
      if (2 * forward != size || size == 2) continue;
      ways.push_back(ways[way]);
      ways.back()[index(d)] = -forward;
    }
  }

  /// The router that a link leads to.
  int next(int router, int d, int sign) const {
    const int size = grid_.size(d), there = grid_.coordinate(router, d) + sign;
    const int straight = grid_.moved(router, d, (there + size) % size);
    const Twist& twist = twist_of_[index(d)];
    if (twist.by == 0 || (there >= 0 && there < size)) return straight;
    const int along = grid_.size(twist.along), place = grid_.coordinate(router, twist.along) + sign * twist.by;
    return grid_.moved(straight, twist.along, (place + along) % along);
  }

  void walk(int here, const Steps& steps, int lane, std::vector<Hop>& path) const {
    for (int d = 0; d < grid_.dimensions(); ++d) {
      const int size = grid_.size(d), sign = steps[index(d)] < 0 ? -1 : 1, port = size > 2 && sign < 0 ? 1 : 0;
      for (int step = 0; step != steps[index(d)]; step += sign) {
        path.push_back({first_[index(d)] + (here * directions(size) + port) * lanes_ + lane});
        here = next(here, d, sign);
      }
    }
  }

  int network_ways(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    return from == to ? 1 : lanes_ * static_cast<int>(shortest(from, to).size());
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    const int from = router_of(from_nic);
    walk(from, shortest(from, router_of(to_nic))[index(way / lanes_)], way % lanes_, path);
  }

  void network_spray(int from_nic, int to_nic, std::vector<Hop>& path) const override {
    const auto begin = std::ssize(path);
    const int from = router_of(from_nic), to = router_of(to_nic);
    if (from == to) return;
    const std::vector<Steps> ways = shortest(from, to);
    for (const Steps& steps : ways) {
      for (int lane = 0; lane < lanes_; ++lane) walk(from, steps, lane, path);
    }
    if (const int all = lanes_ * static_cast<int>(ways.size()); all > 1) share_equally(path, begin, all);
  }

  int network_hops(int from_nic, int to_nic) const override {
    return length(shortest(router_of(from_nic), router_of(to_nic)).front());
  }

  LinkEnds network_ends(LinkId link) const override {
    const auto after = std::ranges::upper_bound(first_, link);
    const int d = static_cast<int>(after - first_.begin()) - 1, size = grid_.size(d);
    const int port = (link - first_[index(d)]) / lanes_, from = port / directions(size);
    return {router(from), router(next(from, d, port % directions(size) == 0 ? 1 : -1))};
  }

  RouterGrid grid_;
  std::vector<bool> is_ring_;    // by dimension
  std::vector<Twist> twist_of_;  // by dimension
  int lanes_;
  std::vector<LinkId> first_;  // by dimension
};

/// Shortest ways between two routers, at most: both directions of every even ring, and one more where it is twisted.
double most_ties(const GridShape& grid) {
  return std::pow(2, grid.dimensions.size()) * std::pow(2, grid.twists.size());
}

/// Why the dimensions cannot be twisted so, or nothing.
std::string twists_obstacle(const GridShape& grid) {
  const auto size = [&](int d) { return grid.dimensions[index(d)]; };
  const auto is_line = [&](int d) { return std::ranges::find(grid.lines, d) != grid.lines.end(); };
  for (const Twist& twist : grid.twists) {
    const int most = std::max(twist.dimension, twist.along);
    if (index(most) >= grid.dimensions.size())
      return fmt::format("there are only {} dimensions, counted from 0", grid.dimensions.size());
    if (twist.dimension == twist.along || is_line(twist.dimension) || is_line(twist.along))
      return "a twist is between two dimensions that close to rings";
    if (std::ranges::count(grid.twists, twist.dimension, &Twist::dimension) > 1)
      return fmt::format("dimension {} is twisted twice", twist.dimension);
    if (std::ranges::count(grid.twists, twist.along, &Twist::dimension) > 0)
      return fmt::format("dimension {} is twisted itself; others cannot be twisted along it", twist.along);
    if (size(twist.dimension) < 3) return "a dimension that is twisted needs 3 routers or more";
    if (twist.by >= size(twist.along))
      return fmt::format("a twist by {} is no less than the {} routers along dimension {}", twist.by, size(twist.along),
                         twist.along);
  }
  return "";
}

}  // namespace

void torus_keys(Network& network, Fields& fields, Keys keys) {
  const GridShape& grid = network.grid;
  fields.optional("lines", network.grid.lines, "Dimensions, counted from 0, that do not close to a ring.",
                  non_negative);
  const bool known = std::ranges::all_of(grid.lines, [&](int d) { return index(d) < grid.dimensions.size(); });
  fields.check("lines", keys == Keys::listed || known,
               fmt::format("there are only {} dimensions, counted from 0", grid.dimensions.size()));
  fields.optional("twists", network.grid.twists, "How dimensions are twisted as they close.");
  const std::string reason = keys == Keys::listed || !known ? "" : twists_obstacle(grid);
  fields.check("twists", reason.empty(), reason);
}

std::string torus_obstacle(const Cluster& cluster) {
  const GridShape& grid = cluster.network.grid;
  double links = 0;
  for (const int size : grid.dimensions) links += directions(size) * grid.links_per_pair;
  const bool in_nic = cluster.network.nics_per_router == 1;
  std::string reason = routers_obstacle(cluster, routers_of(grid), grid_text(grid));
  if (reason.empty()) reason = count_obstacle(routers_of(grid), links, grid.links_per_pair * most_ties(grid));
  return !reason.empty() || in_nic ? reason : ports_obstacle(cluster, links);
}

double torus_switches(const Cluster& cluster) {
  return cluster.network.nics_per_router == 1 ? 0 : routers_of(cluster.network.grid);
}

std::unique_ptr<Fabric> build_torus(const Cluster& cluster) { return std::make_unique<Torus>(cluster); }

}  // namespace traingrid

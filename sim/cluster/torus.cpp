// Torus or mesh of any dimensions, routed dimension by dimension (Dally and Seitz, 1987). With one NIC at each router
// it is the NIC: accelerators sit in the torus itself (TPU v4: Jouppi et al., ISCA 2023). Which links optical switches
// are set to is said by the dimensions and by which of them close.
#include "cluster/direct.hpp"
#include "cluster/grid.hpp"
#include "cluster/topologies.hpp"

#include <algorithm>
#include <cstdlib>

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
        lanes_(cluster.network.grid.links_per_pair) {
    for (const int d : cluster.network.grid.lines) is_ring_[index(d)] = false;
    for (int d = 0; d < grid_.dimensions(); ++d) {
      first_.push_back(add_level(fmt::format("torus link {}", d), grid_.routers() * directions(grid_.size(d)) * lanes_,
                                 cluster.network.link.payload()));
    }
  }

 private:
  struct Move {
    int steps, sign;
    bool both;  ///< as far one way as the other
  };
  Move move(int from, int to, int d) const {
    const int size = grid_.size(d), ahead = grid_.coordinate(to, d) - grid_.coordinate(from, d);
    if (!is_ring_[index(d)]) return {std::abs(ahead), ahead < 0 ? -1 : 1, false};
    const int forward = (ahead + size) % size, backward = (size - forward) % size;
    return {std::min(forward, backward), forward <= backward ? 1 : -1, forward == backward && size > 2 && forward > 0};
  }

  int network_ways(int from_nic, int to_nic) const override {
    const int from = router_of(from_nic), to = router_of(to_nic);
    int ways = lanes_;
    for (int d = 0; d < grid_.dimensions(); ++d) ways *= move(from, to, d).both ? 2 : 1;
    return from == to ? 1 : ways;
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    int here = router_of(from_nic);
    const int to = router_of(to_nic), lane = way % lanes_;
    way /= lanes_;
    for (int d = 0; d < grid_.dimensions(); ++d) {
      const Move move = this->move(here, to, d);
      const int size = grid_.size(d), sign = move.both && way % 2 == 1 ? -move.sign : move.sign;
      if (move.both) way /= 2;
      for (int step = 0; step < move.steps; ++step) {
        const int port = size > 2 && sign < 0 ? 1 : 0;
        path.push_back({first_[index(d)] + (here * directions(size) + port) * lanes_ + lane});
        here = grid_.moved(here, d, (grid_.coordinate(here, d) + sign + size) % size);
      }
    }
  }

  int network_hops(int from_nic, int to_nic) const override {
    int hops = 0;
    for (int d = 0; d < grid_.dimensions(); ++d) hops += move(router_of(from_nic), router_of(to_nic), d).steps;
    return hops;
  }

  LinkEnds network_ends(LinkId link) const override {
    const auto after = std::ranges::upper_bound(first_, link);
    const int d = static_cast<int>(after - first_.begin()) - 1, size = grid_.size(d);
    const int port = (link - first_[index(d)]) / lanes_, from = port / directions(size);
    const int sign = port % directions(size) == 0 ? 1 : -1;
    return {router(from), router(grid_.moved(from, d, (grid_.coordinate(from, d) + sign + size) % size))};
  }

  RouterGrid grid_;
  std::vector<bool> is_ring_;  // by dimension
  int lanes_;
  std::vector<LinkId> first_;  // by dimension
};

}  // namespace

void torus_keys(Network& network, Fields& fields, Keys keys) {
  const GridShape& grid = network.grid;
  fields.optional("lines", network.grid.lines, "Dimensions, counted from 0, that do not close to a ring.",
                  non_negative);
  const bool known = std::ranges::all_of(grid.lines, [&](int d) { return index(d) < grid.dimensions.size(); });
  fields.check("lines", keys == Keys::listed || known,
               fmt::format("there are only {} dimensions, counted from 0", grid.dimensions.size()));
}

std::string torus_obstacle(const Cluster& cluster) {
  const GridShape& grid = cluster.network.grid;
  double links = 0;
  for (const int size : grid.dimensions) links += directions(size) * grid.links_per_pair;
  const bool in_nic = cluster.network.nics_per_router == 1;
  std::string reason = routers_obstacle(cluster, routers_of(grid), grid_text(grid));
  return !reason.empty() || in_nic ? reason : ports_obstacle(cluster, links);
}

double torus_switches(const Cluster& cluster) {
  return cluster.network.nics_per_router == 1 ? 0 : routers_of(cluster.network.grid);
}

std::unique_ptr<Fabric> build_torus(const Cluster& cluster) { return std::make_unique<Torus>(cluster); }

}  // namespace traingrid

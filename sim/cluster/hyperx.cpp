// HyperX: routers in a grid, each joined to all others of its line in every dimension; with one NIC-side concentration
// it is the flattened butterfly. Ahn et al., SC 2009; Kim, Dally and Abts, ISCA 2007.
#include "cluster/direct.hpp"
#include "cluster/grid.hpp"
#include "cluster/topologies.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace traingrid {
namespace {

constexpr std::size_t kMostDimensions = 6;

class HyperX final : public DirectNetwork {
 public:
  explicit HyperX(const Cluster& cluster)
      : DirectNetwork(cluster), grid_(cluster.network.grid.dimensions), lanes_(cluster.network.grid.links_per_pair) {
    for (int d = 0; d < grid_.dimensions(); ++d) {
      first_.push_back(add_level(fmt::format("hyperx link {}", d), grid_.routers() * (grid_.size(d) - 1) * lanes_,
                                 cluster.network.link.payload()));
    }
  }

 private:
  /// Dimensions in which two routers differ.
  struct Differing {
    std::array<int, kMostDimensions> dimension;
    int count = 0;
  };
  Differing differing(int from, int to) const {
    Differing list{};
    for (int d = 0; d < grid_.dimensions(); ++d) {
      if (grid_.coordinate(from, d) != grid_.coordinate(to, d)) list.dimension[index(list.count++)] = d;
    }
    return list;
  }

  int network_ways(int from_nic, int to_nic) const override {
    int ways = lanes_;
    const int count = differing(router_of(from_nic), router_of(to_nic)).count;
    for (int i = 2; i <= count; ++i) ways *= i;
    return count == 0 ? 1 : ways;
  }

  int network_detours(int from_nic, int to_nic) const override {
    return router_of(from_nic) == router_of(to_nic) ? 0 : grid_.routers() - 2;
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    const int from = router_of(from_nic), to = router_of(to_nic), ways = network_ways(from_nic, to_nic);
    if (way < ways) return cross(from, to, way / lanes_, way % lanes_, path);
    int between = way - ways;  // counts the routers that are neither end
    if (between >= std::min(from, to)) ++between;
    if (between >= std::max(from, to)) ++between;
    cross(from, between, 0, between % lanes_, path);
    cross(between, to, 0, between % lanes_, path);
  }

  /// One dimension after the other, in the `order`-th of their orders.
  void cross(int from, int to, int order, int lane, std::vector<Hop>& path) const {
    Differing left = differing(from, to);
    while (left.count > 0) {
      auto* chosen = left.dimension.data() + order % left.count;
      order /= left.count;
      const int d = *chosen, here = grid_.coordinate(from, d), there = grid_.coordinate(to, d);
      const int port = from * (grid_.size(d) - 1) + (there > here ? there - 1 : there);
      path.push_back({first_[index(d)] + port * lanes_ + lane});
      from = grid_.moved(from, d, there);
      std::copy(chosen + 1, left.dimension.data() + left.count, chosen);
      --left.count;
    }
  }

  int network_hops(int from_nic, int to_nic) const override {
    return differing(router_of(from_nic), router_of(to_nic)).count;
  }

  LinkEnds network_ends(LinkId link) const override {
    const auto after = std::ranges::upper_bound(first_, link);
    const int d = static_cast<int>(after - first_.begin()) - 1, peers = grid_.size(d) - 1;
    const int port = (link - first_[index(d)]) / lanes_, from = port / peers;
    const int there = port % peers, here = grid_.coordinate(from, d);
    return {router(from), router(grid_.moved(from, d, there >= here ? there + 1 : there))};
  }

  RouterGrid grid_;
  int lanes_;
  std::vector<LinkId> first_;  // by dimension
};

}  // namespace

std::string hyperx_obstacle(const Cluster& cluster) {
  const GridShape& grid = cluster.network.grid;
  if (grid.dimensions.size() > kMostDimensions)
    return fmt::format("a hyperx of more than {} dimensions is not modelled", kMostDimensions);
  double links = 0;
  for (const int size : grid.dimensions) links += (size - 1) * grid.links_per_pair;
  std::string reason = routers_obstacle(cluster, routers_of(grid), grid_text(grid));
  const double orders = std::tgamma(static_cast<double>(grid.dimensions.size()) + 1);
  if (reason.empty()) reason = count_obstacle(routers_of(grid), links, grid.links_per_pair * orders);
  return reason.empty() ? ports_obstacle(cluster, links) : reason;
}

double hyperx_switches(const Cluster& cluster) { return routers_of(cluster.network.grid); }
std::unique_ptr<Fabric> build_hyperx(const Cluster& cluster) { return std::make_unique<HyperX>(cluster); }

}  // namespace traingrid

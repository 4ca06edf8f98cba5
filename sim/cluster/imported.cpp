// Hosts, links and routes of a SimGrid platform file, as they are: one way between two hosts.
#include "cluster/imported.hpp"

#include "cluster/direct.hpp"
#include "cluster/topologies.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace traingrid {
namespace {

class Imported final : public DirectNetwork {
 public:
  explicit Imported(const Cluster& cluster) : DirectNetwork(cluster), platform_(cluster.network.imported.platform) {
    if (!platform_) throw std::logic_error("the platform file was not imported");
    std::vector<Bandwidth> rates;
    for (const ImportedPlatform::Link& link : platform_->links)
      rates.push_back(link.bandwidth * cluster.network.link.efficiency);
    first_ = add_level("platform link", rates);
  }

  std::string link_name(LinkId link) const override {
    return link < first_ ? Fabric::link_name(link) : platform_->links[index(link - first_)].name;
  }

 private:
  std::span<const std::int32_t> route(int from_nic, int to_nic) const {
    const std::size_t pair = index(from_nic) * platform_->hosts.size() + index(to_nic);
    const auto begin = platform_->route_links.begin() + platform_->offsets[pair];
    return {begin, platform_->route_links.begin() + platform_->offsets[pair + 1]};
  }
  int network_ways(int, int) const override { return 1; }
  void network_way(int from_nic, int to_nic, int, std::vector<Hop>& path) const override {
    const auto begin = std::ssize(path);
    for (const std::int32_t link : route(from_nic, to_nic)) path.push_back({first_ + link});
    share_equally(path, begin, 1);  // a route may cross a link twice
  }
  int network_hops(int from_nic, int to_nic) const override {
    return std::max(0, static_cast<int>(route(from_nic, to_nic).size()) - 2);  // less those of the ends
  }
  Seconds network_delay(int from_nic, int to_nic) const override {
    Seconds delay;
    for (const std::int32_t link : route(from_nic, to_nic)) delay += platform_->links[index(link)].latency;
    return delay;
  }
  Vertex switch_of(int nic) const override { return router(nic); }
  LinkEnds network_ends(LinkId) const override { return {-1, -1}; }  // SimGrid's links join nothing, routes do

  std::shared_ptr<const ImportedPlatform> platform_;
  LinkId first_ = -1;
};

}  // namespace

bool is_imported(const Network& network) {
  return network.topology != "simgrid-xml" || network.imported.platform != nullptr;
}

void imported_keys(Network& network, Fields& fields, Keys keys) {
  needed_key(fields, keys, "file", network.imported.file, "A SimGrid platform file; each of its hosts is a NIC.");
}

std::string imported_obstacle(const Cluster& cluster) {
  const ImportedPlatform* platform = cluster.network.imported.platform.get();
  if (platform == nullptr || platform->hosts.size() == index(nics_of_machine(cluster))) return "";
  return fmt::format("{} has {} hosts, but {} nodes have {} NICs", cluster.network.imported.file,
                     platform->hosts.size(), cluster.nodes, nics_of_machine(cluster));
}

/// SimGrid knows no switches: power and price of the network are those of none.
double imported_switches(const Cluster&) { return 0; }

std::unique_ptr<Fabric> build_imported(const Cluster& cluster) { return std::make_unique<Imported>(cluster); }

}  // namespace traingrid

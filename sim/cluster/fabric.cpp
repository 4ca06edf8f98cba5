#include "cluster/fabric.hpp"

#include "cluster/scale_up.hpp"
#include "cluster/topology.hpp"

#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace traingrid {

Fabric::Fabric(const Cluster& cluster, double ports)
    : devices_(cluster.accelerators()),
      nodes_(cluster.nodes),
      accelerators_per_node_(cluster.node.accelerators),
      nics_per_node_(cluster.node.nics),
      scale_up_latency_(cluster.node.scale_up.latency),
      network_latency_(cluster.network.link.latency),
      hop_latency_(cluster.network.hop_latency),
      routing_(cluster.network.routing) {
  const ScaleUpKind* kind = find_scale_up(cluster.node.scale_up_topology);
  if (kind == nullptr) throw std::logic_error("unknown scale-up topology: " + cluster.node.scale_up_topology);
  if (kind->has_ports) {
    scale_up_out_ = add_level("scale-up out", devices_, cluster.node.scale_up.payload());
    scale_up_in_ = add_level("scale-up in", devices_, cluster.node.scale_up.payload());
  }
  nic_out_ = add_level("nic out", nics(), cluster.network.link.payload() * ports);
  nic_in_ = add_level("nic in", nics(), cluster.network.link.payload() * ports);
  if (cluster.node.memory_link) {
    const Accelerator& accelerator = cluster.accelerator;
    memory_ = add_level("memory", devices_, accelerator.memory.bandwidth * accelerator.efficiency.memory);
  }
  if (cluster.node.host) add_host(*cluster.node.host);
  if (kind->build != nullptr) scale_up_ = kind->build(cluster, *this);
  first_network_link_ = links();
}

Fabric::~Fabric() = default;

void Fabric::add_host(const Host& host) {
  accelerators_per_host_ = host.accelerators;
  hosts_per_node_ = (accelerators_per_node_ + host.accelerators - 1) / host.accelerators;
  host_out_ = add_level("host out", devices_, host.link.payload());
  host_in_ = add_level("host in", devices_, host.link.payload());
  host_memory_ = add_level("host memory", nodes_ * hosts_per_node_, host.memory_bandwidth * host.memory_efficiency);
  host_carries_network_ = host.carries_network;
}

LinkId Fabric::add_level(std::string name, int count, Bandwidth capacity) {
  const LinkId first = levels_.empty() ? 0 : links();
  const std::int64_t end = std::int64_t{first} + count;
  if (end > std::numeric_limits<LinkId>::max()) throw std::logic_error("more links than can be numbered");
  levels_.push_back({std::move(name), first, count, capacity});
  if (first_individual_ >= 0) individual_.insert(individual_.end(), index(count), capacity);
  return first;
}

LinkId Fabric::add_level(std::string name, const std::vector<Bandwidth>& capacities) {
  const LinkId first = links();
  if (first_individual_ < 0) first_individual_ = first;
  individual_.insert(individual_.end(), capacities.begin(), capacities.end());
  const auto fastest = std::ranges::max_element(capacities);
  levels_.push_back({std::move(name), first, static_cast<std::int32_t>(capacities.size()),
                     fastest == capacities.end() ? Bandwidth{} : *fastest});
  return first;
}

const LinkLevel& Fabric::level_of(LinkId link) const {
  const auto after = std::ranges::upper_bound(levels_, link, {}, &LinkLevel::first);
  return *std::prev(after);
}

Bandwidth Fabric::capacity(LinkId link) const {
  if (first_individual_ >= 0 && link >= first_individual_) return individual_[index(link - first_individual_)];
  return level_of(link).capacity;
}

std::string Fabric::link_name(LinkId link) const {
  const LinkLevel& level = level_of(link);
  return fmt::format("{} {}", level.name, link - level.first);
}

LinkEnds Fabric::ends(LinkId link) const {
  if (link >= first_network_link_) return network_ends(link);
  const LinkLevel& level = level_of(link);
  const int number = link - level.first;
  if (level.first == nic_out_) return {devices_ + number, switch_of(number)};
  if (level.first == nic_in_) return {switch_of(number), devices_ + number};
  const Vertex inside = scale_up_ ? number : devices_ + nics() + node_of(number);
  if (level.first == scale_up_out_) return {number, inside};
  if (level.first == scale_up_in_) return {inside, number};
  if (level.first == memory_) return {number, number};
  return {-1, -1};  // of a mesh inside a node, which has no switches
}

Fabric::NicPair Fabric::nics_between(Device from, Device to) const {
  const int from_node = node_of(from), own = nic_of(from), receiving = nic_of(to);
  const int first = from_node * nics_per_node_;
  return {first + sending_nic(own - first, receiving % nics_per_node_), receiving};
}

template <class Network>
void Fabric::assemble(Device from, Device to, std::vector<Hop>& path, Network network) const {
  path.clear();
  if (memory_ >= 0) path.push_back({memory_ + from});
  if (from == to) return;  // what an accelerator moves within its own memory
  if (inside_node(from, to)) {
    path.push_back({scale_up_out_ + from});
    if (scale_up_) {
      const Device first = node_of(from) * accelerators_per_node_;
      scale_up_->path(node_of(from), from - first, to - first, path);
    }
    path.push_back({scale_up_in_ + to});
  } else {
    const NicPair pair = nics_between(from, to);
    Device sender = from;
    if (pair.from != nic_of(from)) {  // forwarded inside the node by the accelerator beside that NIC
      const Device first = node_of(from) * accelerators_per_node_;
      const int beside = pair.from % nics_per_node_ * accelerators_per_node_ / nics_per_node_;
      path.push_back({scale_up_out_ + from});
      if (scale_up_) scale_up_->path(node_of(from), from - first, beside, path);
      path.push_back({scale_up_in_ + first + beside});
      if (memory_ >= 0) path.push_back({memory_ + first + beside, 2, 1});  // in and out again
      sender = first + beside;
    }
    if (host_carries_network_) path.push_back({host_out(sender)});
    path.push_back({nic_out_ + pair.from});
    network(pair);
    path.push_back({nic_in_ + pair.to});
    if (host_carries_network_) path.push_back({host_in(to)});
  }
  if (memory_ >= 0) path.push_back({memory_ + to});
}

void Fabric::path(Device from, Device to, std::vector<Hop>& path) const {
  assemble(from, to, path, [&](NicPair pair) { network_spray(pair.from, pair.to, path); });
}

void Fabric::way(Device from, Device to, int way, std::vector<Hop>& path) const {
  assemble(from, to, path, [&](NicPair pair) { network_way(pair.from, pair.to, way, path); });
}

int Fabric::ways(Device from, Device to) const {
  if (inside_node(from, to)) return 1;
  const NicPair pair = nics_between(from, to);
  return network_ways(pair.from, pair.to);
}

int Fabric::detours(Device from, Device to) const {
  if (inside_node(from, to)) return 0;
  const NicPair pair = nics_between(from, to);
  return network_detours(pair.from, pair.to);
}

int Fabric::preferred_way(Device from, Device to) const {
  if (inside_node(from, to)) return 0;
  const NicPair pair = nics_between(from, to);
  return preferred_network_way(pair.from, pair.to);
}

void Fabric::network_spray(int from_nic, int to_nic, std::vector<Hop>& path) const {
  const auto begin = std::ssize(path);
  const int ways = network_ways(from_nic, to_nic);
  for (int way = 0; way < ways; ++way) network_way(from_nic, to_nic, way, path);
  if (ways > 1) share_equally(path, begin, ways);
}

void share_equally(std::vector<Hop>& path, std::ptrdiff_t begin, int ways) {
  const auto parts = static_cast<std::uint16_t>(ways);
  std::sort(path.begin() + begin, path.end(), [](const Hop& a, const Hop& b) { return a.link < b.link; });
  auto kept = path.begin() + begin;
  for (auto hop = kept; hop != path.end(); ++hop) {
    if (kept != path.begin() + begin && std::prev(kept)->link == hop->link)
      std::prev(kept)->weight = static_cast<std::uint16_t>(std::prev(kept)->weight + hop->weight);
    else
      *kept++ = *hop;
  }
  path.erase(kept, path.end());
  for (auto hop = path.begin() + begin; hop != path.end(); ++hop) {
    const int common = std::gcd(hop->weight, parts);
    *hop = {hop->link, static_cast<std::uint16_t>(hop->weight / common), static_cast<std::uint16_t>(parts / common)};
  }
}

Seconds Fabric::latency(Device from, Device to) const {
  if (from == to) return {};
  return inside_node(from, to) ? scale_up_latency_ : network_latency_;
}

Seconds Fabric::distance(Device from, Device to) const {
  if (from == to || inside_node(from, to)) return {};
  const NicPair pair = nics_between(from, to);
  const Seconds hops = hop_latency_ > Seconds{} ? hop_latency_ * network_hops(pair.from, pair.to) : Seconds{};
  return hops + network_delay(pair.from, pair.to);
}

std::unique_ptr<Fabric> build_fabric(const Cluster& cluster) {
  const Topology* topology = find_topology(cluster.network.topology);
  if (topology == nullptr) throw std::logic_error("unknown topology passed the reader: " + cluster.network.topology);
  return topology->build(cluster);
}

}  // namespace traingrid

#include "workload/placement.hpp"

#include "units/index.hpp"
#include "workload/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

namespace traingrid {
namespace {

int per_node(const Placement& placement, const Cluster& cluster) {
  return placement.accelerators_per_node.value_or(cluster.node.accelerators);
}

/// Ranks that rail-aware placement keeps together at the same positions of every node.
int block_size(const Placement& placement, const Layout& layout, const Cluster& cluster) {
  return std::min(layout.tensor * layout.context, per_node(placement, cluster));
}

/// Fisher and Yates; the standard library leaves open how its own shuffle draws.
template <class T>
void shuffle(std::vector<T>& list, std::int64_t seed) {
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random() % i]);
}

/// By node.
std::vector<bool> nodes_out(const Cluster& cluster) {
  std::vector<bool> out(index(cluster.nodes), false);
  for (const int node : cluster.degraded.nodes_out) {
    if (node < cluster.nodes) out[index(node)] = true;
  }
  return out;
}

int nodes_left(const Cluster& cluster) { return static_cast<int>(std::ranges::count(nodes_out(cluster), false)); }

std::vector<int> nodes_in_order(const Placement& placement, const Cluster& cluster) {
  std::vector<int> nodes(index(cluster.nodes));
  std::iota(nodes.begin(), nodes.end(), 0);
  const std::vector<bool> out = nodes_out(cluster);
  std::erase_if(nodes, [&](int node) { return out[index(node)]; });
  if (placement.policy == PlacementPolicy::random_nodes) shuffle(nodes, placement.seed);
  return nodes;
}

/// Usable accelerators in the order in which ranks take them.
std::vector<Device> devices_in_order(const Placement& placement, const Layout& layout, const Cluster& cluster) {
  const int used = per_node(placement, cluster);
  const bool rails = placement.policy == PlacementPolicy::rail_aware;
  const int block = rails ? block_size(placement, layout, cluster) : used;
  const std::vector<int> nodes = nodes_in_order(placement, cluster);
  std::vector<Device> devices;
  devices.reserve(nodes.size() * index(used));
  for (int first = 0; first + block <= used; first += block) {
    for (const int node : nodes) {
      for (int i = first; i < first + block; ++i) devices.push_back(node * cluster.node.accelerators + i);
    }
  }
  if (placement.policy == PlacementPolicy::random) shuffle(devices, placement.seed);
  return devices;
}

std::string list_obstacle(const std::vector<int>& accelerators, const Layout& layout, const Cluster& cluster) {
  if (std::cmp_not_equal(accelerators.size(), layout.ranks())) {
    return fmt::format("placement: {} accelerators are listed for {} ranks", accelerators.size(), layout.ranks());
  }
  std::vector<bool> taken(index(cluster.accelerators()), false);
  for (const int device : accelerators) {
    if (device >= cluster.accelerators()) {
      return fmt::format("placement: accelerator {} is listed; the cluster has 0 to {}", device,
                         cluster.accelerators() - 1);
    }
    if (taken[index(device)]) return fmt::format("placement: accelerator {} is listed twice", device);
    taken[index(device)] = true;
  }
  return "";
}

}  // namespace

void Placement::describe(Fields& fields) {
  fields.optional("policy", policy, "How ranks are laid out over the accelerators of the cluster.");
  fields.optional("accelerators_per_node", accelerators_per_node,
                  "Accelerators of each node that work; the others are spares. All if absent.", at_least_one);
  fields.optional("seed", seed, "Seed of a random placement.", non_negative);
  fields.optional("accelerators", accelerators, "The accelerator of each rank, numbered node by node.", non_negative);
  const bool listed = policy == PlacementPolicy::listed;
  fields.check("accelerators", listed || accelerators.empty(), "has an effect with policy: explicit only");
  fields.check("policy", !listed || !accelerators.empty(), "an explicit placement lists `accelerators`");
  fields.check("accelerators_per_node", !listed || !accelerators_per_node,
               "has no effect on an explicit placement, which lists accelerators");
  const bool random = policy == PlacementPolicy::random || policy == PlacementPolicy::random_nodes;
  fields.check("seed", random || seed == 0, "has an effect on random placements only");
}

int usable_accelerators(const Placement& placement, const Cluster& cluster) {
  return nodes_left(cluster) * std::min(per_node(placement, cluster), cluster.node.accelerators);
}

std::string placement_obstacle(const Placement& placement, const Layout& layout, const Cluster& cluster) {
  const int used = per_node(placement, cluster);
  if (used > cluster.node.accelerators) {
    return fmt::format("placement: accelerators_per_node {} of nodes that have {}", used, cluster.node.accelerators);
  }
  if (placement.policy == PlacementPolicy::listed) return list_obstacle(placement.accelerators, layout, cluster);
  if (placement.policy == PlacementPolicy::rail_aware) {
    const int block = block_size(placement, layout, cluster), replicas = used / block;
    const int nodes = nodes_left(cluster);
    if (nodes * replicas * block < layout.ranks()) {
      return fmt::format(
          "placement: rail-aware puts {} groups of tensor {} x context {} on each of {} nodes, room for {} of {} ranks",
          replicas, layout.tensor, layout.context, nodes, nodes * replicas * block, layout.ranks());
    }
  }
  return "";
}

std::vector<Device> place(const Placement& placement, const Layout& layout, const Cluster& cluster) {
  std::vector<Device> devices(placement.accelerators.begin(), placement.accelerators.end());
  if (placement.policy != PlacementPolicy::listed) devices = devices_in_order(placement, layout, cluster);
  devices.resize(index(layout.ranks()));
  return devices;
}

}  // namespace traingrid

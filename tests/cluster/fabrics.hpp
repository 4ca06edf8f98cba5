// What the tests of fabrics have in common: clusters of each topology, paths by name, sums over links.
#pragma once

#include "cluster/router.hpp"
#include "toy.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace traingrid {

constexpr auto kGigabyte = 1e9 * byte / second;  // NICs of toy clusters carry 10 a second

/// A cluster of nodes with one accelerator and one NIC unless said otherwise, and switches of 64 ports.
inline Cluster fabric_cluster(const std::string& topology, int nodes, int accelerators = 1, int nics = 1) {
  return toy_cluster({.nodes = nodes, .accelerators = accelerators, .nics = nics, .topology = topology});
}

inline int count_of(const Fabric& fabric, const std::string& level) {
  const auto found = std::ranges::find(fabric.levels(), level, &LinkLevel::name);
  return found == fabric.levels().end() ? 0 : found->count;
}

inline LinkId link_of(const Fabric& fabric, const std::string& level, int number) {
  return std::ranges::find(fabric.levels(), level, &LinkLevel::name)->first + number;
}

inline std::vector<std::string> path_names(const Fabric& fabric, Device from, Device to) {
  std::vector<Hop> path;
  fabric.path(from, to, path);
  std::vector<std::string> names;
  for (const Hop& hop : path) names.push_back(fabric.link_name(hop.link));
  return names;
}

inline double share_of(const Hop& hop) { return static_cast<double>(hop.weight) / hop.parts; }

/// The rate of the links between switches that lead from one side to the other.
template <class Side>
Bandwidth cut(const Fabric& fabric, Side side) {
  Bandwidth rate;
  for (LinkId link = fabric.first_network_link(); link < fabric.links(); ++link) {
    const LinkEnds ends = fabric.ends(link);
    if (side(ends.from) && !side(ends.to)) rate += fabric.capacity(link);
  }
  return rate;
}

/// Rates of flows by progressive filling: all rise until a link is full, whose flows stay at that.
inline std::vector<Bandwidth> max_min(const Fabric& fabric, const std::vector<std::vector<Hop>>& paths) {
  std::vector<Bandwidth> free, rates(paths.size());
  for (LinkId link = 0; link < fabric.links(); ++link) free.push_back(fabric.capacity(link));
  std::vector<bool> rising(paths.size(), true);
  while (std::ranges::find(rising, true) != rising.end()) {
    std::vector<double> weight(free.size(), 0);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      for (const Hop& hop : paths[i]) weight[index(hop.link)] += rising[i] ? share_of(hop) : 0;
    }
    Bandwidth step = 1e18 * byte / second;
    for (std::size_t link = 0; link < free.size(); ++link) {
      if (weight[link] > 0) step = std::min(step, free[link] / weight[link]);
    }
    std::vector<bool> full(free.size());
    for (std::size_t link = 0; link < free.size(); ++link) {
      full[link] = weight[link] > 0 && free[link] / weight[link] <= step * (1 + 1e-12);
      free[link] -= weight[link] * step;
    }
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (rising[i]) rates[i] += step;
      if (std::ranges::any_of(paths[i], [&](const Hop& hop) { return full[index(hop.link)]; })) rising[i] = false;
    }
  }
  return rates;
}

}  // namespace traingrid

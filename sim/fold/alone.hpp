// Flows that have their links to themselves, told apart by their shape: which share links, how often, of what capacity.
#pragma once

#include "cluster/fabric.hpp"
#include "fold/template.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace traingrid {

/// A flow with the links that it takes, in a list of hops.
struct RoutedFlow {
  std::int32_t from = 0, to = 0;  ///< ranks, or a switch
  double share = 1;
  std::uint32_t first_hop = 0;
  std::int16_t hops = 0;
};

/// Finds the duration of flows that start together, once per shape.
class AloneFlows {
 public:
  AloneFlows(const Fabric& fabric, const std::map<LinkId, double>& rate)
      : fabric_(fabric), rate_(rate), place_(static_cast<std::size_t>(fabric.links()), kNowhere) {}

  /// Index of these flows in `all`, where flows of a new shape are added.
  std::int32_t find(std::span<const RoutedFlow> flows, std::span<const Hop> hops, std::vector<Alone>& all);

  /// With what the overrides leave of it. Throws std::logic_error if that is nothing: no path crosses such a link.
  Bandwidth capacity(LinkId link) const;

 private:
  void describe(std::span<const RoutedFlow> flows, std::span<const Hop> hops);
  Alone solve(std::span<const RoutedFlow> flows, std::span<const Hop> hops) const;

  static constexpr std::int32_t kNowhere = -1;

  const Fabric& fabric_;
  const std::map<LinkId, double>& rate_;  // of links that are not healthy
  std::vector<LinkId> links_;             // of the flows at hand, in order of first appearance
  std::vector<std::int32_t> place_;       // by link: where it is in links_
  std::vector<std::uint64_t> shape_;
  std::map<std::vector<std::uint64_t>, std::int32_t> known_;
};

}  // namespace traingrid

// Which links a flow takes, out of those that the fabric offers: routing as the cluster file names it.
#pragma once

#include "cluster/fabric.hpp"
#include "cluster/overrides.hpp"
#include "cluster/routing.hpp"

#include <vector>

namespace traingrid {

/// Routes the flows of a step, phase by phase. The same calls in the same order give the same paths.
class Router {
 public:
  /// The fabric must outlive the router.
  Router(const Fabric& fabric, const Overrides& overrides);

  /// Flows routed from here on no longer mind those before (adaptive routing balances the flows of a phase).
  void next_phase();
  /// Links of a flow that carries `share` of its phase's volume per member; `path` is cleared first. Throws InputError
  /// if links that are down leave no way.
  void path(Device from, Device to, double share, std::vector<Hop>& path);
  /// Links up to (or down from) the switch that the collective is computed in: of the node, or of the network.
  void path_to_switch(Device from, bool network, std::vector<Hop>& path);
  void path_from_switch(Device to, bool network, std::vector<Hop>& path);
  /// Links into the memory of the host, out of it, or that memory alone, where the host works on what it holds.
  void path_to_host(Device from, std::vector<Hop>& path);
  void path_from_host(Device to, std::vector<Hop>& path);
  void path_in_host(Device of, std::vector<Hop>& path);

 private:
  using Mark = Overrides::SlowLink;

  void mark(const Overrides& overrides);
  const Mark* first_mark_from(LinkId link) const;
  double rate_of(LinkId link) const;
  bool is_marked(const Hop& bundle) const;
  bool is_open(const std::vector<Hop>& path) const;
  bool is_between_switches(const Hop& hop) const { return hop.link >= fabric_.first_network_link(); }

  void spray(Device from, Device to, std::vector<Hop>& path);
  LinkId slowest(const Hop& bundle) const;
  LinkId in_clean_plane(const Hop& bundle) const;
  void spray_over_open_ways(Device from, Device to, std::vector<Hop>& path);
  /// The first way that is open out of `count` numbered from `first`, starting with `start` of them.
  void take_open(Device from, Device to, int first, int count, std::uint64_t start, std::vector<Hop>& path);
  void take_least_loaded(Device from, Device to, double share, std::vector<Hop>& path);
  double busiest(const std::vector<Hop>& path, double share) const;
  std::uint64_t hash(Device from, Device to) const;

  const Fabric& fabric_;
  RoutingKind::Choice choice_;
  std::vector<Mark> marks_;  ///< links between switches that are slow or down, by number
  bool some_are_down_ = false;
  int clean_plane_ = -1;      ///< of bundles: a plane without a mark
  std::vector<double> load_;  ///< by link, in this phase; adaptive routing only
  std::vector<LinkId> loaded_;
  std::vector<Hop> one_way_, open_ways_;
};

}  // namespace traingrid

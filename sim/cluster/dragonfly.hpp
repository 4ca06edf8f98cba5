// Keys of networks of groups with global links between any two, and which router holds which of these.
#pragma once

#include "cluster/shape.hpp"

#include <string>

namespace traingrid {

struct Cluster;

struct DragonflyShape {
  int groups = 0;
  int routers_per_group = 0;        ///< that carry NICs
  int spines_per_group = 0;         ///< of a dragonfly+
  int global_links_per_router = 0;  ///< of a dragonfly+: per spine
  friend bool operator==(const DragonflyShape&, const DragonflyShape&) = default;
};

/// The global links of each group are dealt out to the other groups in turn, equally many to each; link `number` to a
/// group leads to that of the same number back.
class GlobalLinks {
 public:
  GlobalLinks(const DragonflyShape& shape, int routers_that_hold_them)
      : groups_(shape.groups),
        each_(shape.global_links_per_router),
        of_group_(shape.groups > 1 ? each_ * routers_that_hold_them : 0),
        per_pair_(shape.groups > 1 ? of_group_ / (shape.groups - 1) : 0) {}
  int groups() const { return groups_; }
  int per_pair() const { return per_pair_; }
  int count() const { return groups_ * of_group_; }
  /// Position among all global links.
  int position(int from_group, int to_group, int number) const {
    return from_group * of_group_ + (to_group - from_group - 1 + groups_) % groups_ * per_pair_ + number;
  }
  /// Router, of those of the group that hold global links.
  int router(int from_group, int to_group, int number) const {
    return router_at(position(from_group, to_group, number));
  }
  int router_at(int position) const { return position % of_group_ / each_; }
  int group_at(int position) const { return position / of_group_; }
  int group_reached(int position) const {
    return (group_at(position) + 1 + position % of_group_ / per_pair_) % groups_;
  }
  int number_at(int position) const { return position % of_group_ % per_pair_; }

 private:
  int groups_, each_, of_group_, per_pair_;
};

/// Why the groups cannot be joined or do not carry the NICs of the machine, or nothing.
std::string groups_obstacle(const Cluster& cluster, int routers_that_hold_them);

}  // namespace traingrid

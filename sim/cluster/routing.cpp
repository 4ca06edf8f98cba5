#include "cluster/routing.hpp"

#include <algorithm>

namespace traingrid {
namespace {

using Choice = RoutingKind::Choice;

constexpr std::array kRoutings{
    RoutingKind{"spray", "packets of a flow take all shortest ways in turn", false, Choice::all},
    RoutingKind{"single", "one fixed way for each destination", false, Choice::preferred},
    RoutingKind{"ecmp", "one of the shortest ways for each flow, by a hash of its ends and the seed", true,
                Choice::hashed},
    RoutingKind{"adaptive", "for each flow the way on which the flows of its phase have left most", false,
                Choice::least_loaded},
    RoutingKind{"valiant", "one way for each flow, by hash, through a switch or group that is not on the shortest one",
                true, Choice::detour},
};

}  // namespace

const RoutingKind* find_routing(std::string_view name) {
  const auto found = std::ranges::find(kRoutings, name, &RoutingKind::name);
  return found == kRoutings.end() ? nullptr : &*found;
}

std::string routing_names() {
  std::string names;
  for (const RoutingKind& routing : kRoutings) {
    if (!names.empty()) names += ", ";
    names += routing.name;
  }
  return names;
}

}  // namespace traingrid

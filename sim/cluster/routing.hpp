// How a network chooses among the ways that its topology offers, as the cluster file says.
#pragma once

#include "input/fields.hpp"

#include <array>
#include <string>
#include <string_view>

namespace traingrid {

struct Routing {
  std::string name = "spray";  ///< of the table in routing.cpp
  int seed = 1;                ///< of those that choose by hash
  friend bool operator==(const Routing&, const Routing&) = default;
};

/// A line of the table; the Router carries them out.
struct RoutingKind {
  std::string_view name, summary;
  bool seeded = false;
  enum class Choice { preferred, hashed, all, least_loaded, detour } choice = Choice::all;
};
/// Null if there is none of that name.
const RoutingKind* find_routing(std::string_view name);
std::string routing_names();

}  // namespace traingrid

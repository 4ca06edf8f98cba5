// All-to-all in n − 1 rounds: in round r everyone sends to the member r places on. Thakur, Rabenseifner and Gropp,
// "Optimization of Collective Communication Operations in MPICH", IJHPCA 2005.
#include "collective/collective.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace traingrid {
namespace {

constexpr int kMostMembers = 256;

template <int round>
std::vector<Flow> shifted(std::span<const int> node_of_member) {
  const auto n = static_cast<std::int32_t>(node_of_member.size());
  std::vector<Flow> flows;
  for (std::int32_t from = 0; from < n; ++from) flows.push_back({from, (from + round) % n, 1});
  return flows;
}

template <int... rounds>
constexpr auto by_round(std::integer_sequence<int, rounds...>) {
  return std::array<Flows, sizeof...(rounds)>{shifted<rounds>...};
}
constexpr auto kRounds = by_round(std::make_integer_sequence<int, kMostMembers>{});

}  // namespace

bool pairwise_applies(Collective kind, const GroupShape& shape) {
  return kind == Collective::all_to_all && shape.members <= kMostMembers;
}

/// Members of the same node are taken to be neighbours.
std::vector<Phase> pairwise_phases(Collective, const GroupShape& shape) {
  const double away = shape.nodes > 1 ? 1 : 0;
  std::vector<Phase> phases;
  for (int round = 1; round < shape.members; ++round) {
    const bool inside = std::min(round, shape.members - round) < shape.members / shape.nodes;
    phases.push_back(
        {kRounds[static_cast<std::size_t>(round)], 1.0 / shape.members, 1 - away, away, inside ? 1.0 : 0, away});
  }
  return phases;
}

}  // namespace traingrid

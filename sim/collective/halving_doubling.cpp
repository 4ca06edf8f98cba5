// Recursive vector halving with distance doubling, and back: log2 n exchanges of pairs each way. Thakur, Rabenseifner
// and Gropp, "Optimization of Collective Communication Operations in MPICH", IJHPCA 2005. Beyond a power of two the
// first members fold into their neighbours before and are told the result after.
#include "collective/collective.hpp"

#include <array>
#include <bit>
#include <utility>

namespace traingrid {
namespace {

/// How many members exchange, and how many fold into a neighbour first.
struct Powers {
  std::int32_t exchanging, folding;
};
Powers powers_of(std::size_t members) {
  const auto power = static_cast<std::int32_t>(std::bit_floor(members));
  return {power, static_cast<std::int32_t>(members) - power};
}

/// Position in the group of the i-th member that exchanges.
std::int32_t position(std::int32_t i, Powers powers) { return i < powers.folding ? 2 * i : i + powers.folding; }

/// Pairs at distance 2^level.
template <int level>
std::vector<Flow> pairs(std::span<const int> node_of_member) {
  const Powers powers = powers_of(node_of_member.size());
  std::vector<Flow> flows;
  for (std::int32_t i = 0; i < powers.exchanging; ++i)
    flows.push_back({position(i, powers), position(i ^ (1 << level), powers), 1});
  return flows;
}

template <int... levels>
constexpr auto pairs_by_level(std::integer_sequence<int, levels...>) {
  return std::array<Flows, sizeof...(levels)>{pairs<levels>...};
}
constexpr int kMostLevels = 24;
constexpr auto kPairs = pairs_by_level(std::make_integer_sequence<int, kMostLevels>{});

std::vector<Flow> fold_in(std::span<const int> node_of_member) {
  std::vector<Flow> flows;
  for (std::int32_t i = 0; i < powers_of(node_of_member.size()).folding; ++i) flows.push_back({2 * i + 1, 2 * i, 1});
  return flows;
}

std::vector<Flow> fold_out(std::span<const int> node_of_member) {
  std::vector<Flow> flows = fold_in(node_of_member);
  for (Flow& flow : flows) std::swap(flow.from, flow.to);
  return flows;
}

/// Members of the same node are taken to be neighbours in the group.
Phase exchange(Flows flows, double volume, const GroupShape& shape) {
  const int per_node = shape.members / shape.nodes;
  std::vector<int> nodes;
  for (int i = 0; i < shape.members; ++i) nodes.push_back(i / per_node);
  bool inside = false, away = false;
  for (const Flow& flow : flows(nodes)) {
    const bool same = nodes[static_cast<std::size_t>(flow.from)] == nodes[static_cast<std::size_t>(flow.to)];
    (same ? inside : away) = true;
  }
  return {flows, volume, away ? 0.0 : 1.0, away ? 1.0 : 0.0, inside ? 1.0 : 0.0, away ? 1.0 : 0.0};
}

}  // namespace

bool halving_doubling_applies(Collective kind, const GroupShape& shape) {
  const auto members = static_cast<unsigned>(shape.members);
  if (members >= 1U << kMostLevels) return false;
  if (kind == Collective::all_reduce) return true;
  return (kind == Collective::reduce_scatter || kind == Collective::all_gather) && std::has_single_bit(members);
}

std::vector<Phase> halving_doubling_phases(Collective kind, const GroupShape& shape) {
  const Powers powers = powers_of(static_cast<std::size_t>(shape.members));
  const int levels = std::countr_zero(static_cast<unsigned>(powers.exchanging));
  std::vector<Phase> there, back;
  if (powers.folding > 0) there.push_back(exchange(fold_in, 1, shape));
  for (int level = 0; level < levels; ++level)
    there.push_back(exchange(kPairs[static_cast<std::size_t>(level)], 1.0 / (2 << level), shape));
  back.assign(there.rbegin(), there.rend());
  if (powers.folding > 0) back.back().flows = fold_out;
  if (kind == Collective::reduce_scatter) return there;
  if (kind == Collective::all_gather) return back;
  there.insert(there.end(), back.begin(), back.end());
  return there;
}

}  // namespace traingrid

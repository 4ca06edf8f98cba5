// Everyone with everyone at once: the all-to-all as it is, and reductions and gathers in one step, as Hockney counts
// them. An all-reduce sends the whole message to all ("one shot"): best for small messages among few.
#include "collective/collective.hpp"

namespace traingrid {
namespace {

constexpr int kMostMembers = 1024;  // a million flows

/// Every ordered pair, share 1/n.
std::vector<Flow> all_pairs(std::span<const int> node_of_member) {
  const auto n = static_cast<std::int32_t>(node_of_member.size());
  std::vector<Flow> flows;
  flows.reserve(node_of_member.size() * (node_of_member.size() - 1));
  for (std::int32_t from = 0; from < n; ++from) {
    for (std::int32_t to = 0; to < n; ++to) {
      if (from != to) flows.push_back({from, to, 1.0 / n});
    }
  }
  return flows;
}

}  // namespace

bool direct_applies(Collective kind, const GroupShape& shape) {
  return kind != Collective::broadcast && shape.members <= kMostMembers;
}

std::vector<Phase> direct_phases(Collective kind, const GroupShape& shape) {
  const double n = shape.members, q = n / shape.nodes;
  const bool away = shape.nodes > 1;
  return {{all_pairs, kind == Collective::all_reduce ? n : 1, away ? 0.0 : 1.0, away ? 1.0 : 0.0, (q - 1) / n,
           (n - q) / n}};
}

}  // namespace traingrid

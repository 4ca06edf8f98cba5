#include "fold/dag.hpp"

#include "units/index.hpp"

#include <numeric>

namespace traingrid {
namespace {

void link_chains(Dag& dag) {
  dag.chained.assign(dag.activities.size(), -1);
  for (std::size_t i = 0; i < dag.activities.size(); ++i) {
    const auto next = dag.successors_of(static_cast<std::int32_t>(i));
    if (dag.activities[i].kind == Activity::Kind::flow || next.size() != 1) continue;
    if (dag.activities[index(next.front())].predecessors == 1) dag.chained[i] = next.front();
  }
}

}  // namespace

void link(Dag& dag, const std::vector<std::pair<std::int32_t, std::int32_t>>& edges) {
  dag.first_successor.assign(dag.activities.size() + 1, 0);
  for (auto [from, to] : edges) {
    ++dag.first_successor[index(from) + 1];
    ++dag.activities[index(to)].predecessors;
  }
  std::partial_sum(dag.first_successor.begin(), dag.first_successor.end(), dag.first_successor.begin());
  std::vector<std::int32_t> fill(dag.first_successor.begin(), dag.first_successor.end() - 1);
  dag.successors.resize(edges.size());
  for (auto [from, to] : edges) dag.successors[index(fill[index(from)]++)] = to;
  link_chains(dag);
}

}  // namespace traingrid

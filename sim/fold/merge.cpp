#include "fold/merge.hpp"

#include "fold/certify.hpp"
#include "fold/makes.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace traingrid {
namespace {

using Dates = std::vector<Seconds>;

/// The first of equal make and equal dates for each.
class FirstAlike {
 public:
  std::int32_t operator()(const Make& make, Dates dates) {
    const auto id = static_cast<std::int32_t>(count_++);
    auto& candidates = by_make_[make];
    for (const auto& [candidate, its_dates] : candidates) {
      if (std::ranges::equal(its_dates, dates, same_date)) return candidate;
    }
    candidates.emplace_back(id, std::move(dates));
    return id;
  }

 private:
  std::size_t count_ = 0;
  std::map<Make, std::vector<std::pair<std::int32_t, Dates>>> by_make_;
};

std::vector<std::int32_t> alike_ranks(const Quotient& quotient, const Dag& dag, const Trace& trace) {
  std::vector<std::int32_t> first;
  FirstAlike find;
  for (std::size_t id = 0; id < quotient.ranks.size(); ++id) {
    const RankClass& rank = quotient.ranks[id];
    Dates dates;
    for (const Event& event : dag.events[id]) {
      dates.push_back(trace.end_of(event));
      if (event.transfer >= 0) dates.push_back(trace.start[index(event.transfer)]);
      if (event.delivery >= 0) dates.push_back(trace.finish[index(event.delivery)]);
    }
    first.push_back(find({bits(rank.role), bits(rank.slowdown), bits(rank.generation)}, std::move(dates)));
  }
  return first;
}

std::vector<std::int32_t> alike_groups(const Template& step, const Quotient& quotient, const Dag& dag,
                                       const Trace& trace) {
  std::vector<std::int32_t> first;
  FirstAlike find;
  ListMakes makes;
  for (std::size_t id = 0; id < quotient.groups.size(); ++id) {
    const Group& group = step.groups[index(quotient.groups[id].representative)];
    Dates dates;
    for (const Encounter& encounter : dag.encounters[id]) {
      dates.push_back(trace.at(encounter.start));
      dates.push_back(trace.at(encounter.done));
    }
    first.push_back(find({bits(makes.number(make_of(step, group)))}, std::move(dates)));
  }
  return first;
}

}  // namespace

Alike alike(const Template& step, const Quotient& quotient, const Dag& dag, const Trace& trace) {
  return {alike_ranks(quotient, dag, trace), alike_groups(step, quotient, dag, trace)};
}

}  // namespace traingrid

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

/// Dates of the flows of every stream class.
std::vector<Dates> dates_of_streams(const Quotient& quotient, const Dag& dag, const Trace& trace) {
  std::vector<Dates> dates(quotient.streams.size());
  for (std::size_t g = 0; g < quotient.groups.size(); ++g) {
    for (const Encounter& encounter : dag.encounters[g]) {
      for (const Encounter::Part& part : encounter.parts) {
        std::int32_t flow = part.first_flow;
        for (const std::int32_t stream : quotient.groups[g].streams[index(part.set)])
          dates[index(stream)].push_back(trace.finish[index(flow++)]);
      }
    }
  }
  for (std::size_t stream = 0; stream < dag.messages.size(); ++stream) {
    for (const auto& [_, activity] : dag.messages[stream]) {
      dates[stream].push_back(trace.start[index(activity)]);
      dates[stream].push_back(trace.finish[index(activity)]);
    }
  }
  return dates;
}

/// What a stream is made of; of a collective's its group too, of messages the roles of both ends.
std::vector<Make> makes_of_streams(const Template& step, const Quotient& quotient, const Alike& alike) {
  std::vector<Make> makes(quotient.streams.size());
  std::vector<bool> seen(quotient.streams.size(), false);
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const Stream& stream = step.streams[s];
    const auto id = index(quotient.class_of_stream[s]);
    if (seen[id]) continue;
    seen[id] = true;
    if (stream.group >= 0) {
      const std::int32_t group = quotient.class_of_group[index(stream.group)];
      makes[id] = {0, bits(alike.group[index(group)]), bits(stream.set), bits(stream.share)};
    } else {
      const auto role = [&](std::int32_t rank) { return bits(step.ranks[index(rank)].role); };
      makes[id] = {1 + 2 * (3 * bits(stream.communicator) + bits(stream.direction + 1)), bits(stream.latency / second),
                   bits(stream.alone), role(stream.from), role(stream.to)};
    }
  }
  return makes;
}

}  // namespace

Alike alike(const Template& step, const Quotient& quotient, const Dag& dag, const Trace& trace) {
  Alike alike{alike_ranks(quotient, dag, trace), alike_groups(step, quotient, dag, trace), {}};
  const std::vector<Make> makes = makes_of_streams(step, quotient, alike);
  std::vector<Dates> dates = dates_of_streams(quotient, dag, trace);
  FirstAlike find;
  for (std::size_t id = 0; id < makes.size(); ++id) alike.stream.push_back(find(makes[id], std::move(dates[id])));
  return alike;
}

}  // namespace traingrid

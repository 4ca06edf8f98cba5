#include "campaign/links.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <utility>

namespace traingrid {
namespace {

/// Bytes that moved at one go.
struct Movement {
  Seconds start, end;
  Bytes bytes;
};
using Movements = std::vector<Movement>;

/// By stream class.
std::vector<Movements> along_streams(const Evaluation& evaluation) {
  std::vector<Movements> movements(evaluation.quotient.streams.size());
  for (std::size_t i = 0; i < evaluation.dag.activities.size(); ++i) {
    const Activity& activity = evaluation.dag.activities[i];
    if (activity.stream < 0) continue;
    const Seconds latency = activity.kind == Activity::Kind::flow ? activity.seconds : Seconds{};
    movements[index(activity.stream)].push_back(
        {evaluation.trace.start[i] + latency, evaluation.trace.finish[i], activity.bytes});
  }
  return movements;
}

/// Of a group class by set of flows: those that a timer stands for.
std::vector<Movements> along_lone_sets(const Evaluation& evaluation, std::size_t group) {
  std::vector<Movements> movements;
  for (const Encounter& encounter : evaluation.dag.encounters[group]) {
    for (const Encounter::Part& part : encounter.parts) {
      if (part.first_flow >= 0) continue;
      if (movements.size() <= index(part.set)) movements.resize(index(part.set) + 1);
      movements[index(part.set)].push_back(
          {evaluation.trace.at(encounter.start), evaluation.trace.at(encounter.done), part.volume});
    }
  }
  return movements;
}

/// Calls `visit(number of the shared link, stream class, share of its bytes)` for every stream that crosses one.
template <class Visit>
void for_shared(const Evaluation& evaluation, Visit visit) {
  const Template& step = evaluation.step;
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const auto id = index(evaluation.quotient.class_of_stream[s]);
    for (const Hop& hop : step.path(step.streams[s]))
      visit(index(hop.link), id, static_cast<double>(hop.weight) / hop.parts);
  }
}

/// Calls `visit(load, movements)` for links that one exchange has to itself; of alike exchanges for those of the first.
template <class Visit>
void for_lone(const Evaluation& evaluation, const std::vector<Movements>& streams, Visit visit) {
  const Template& step = evaluation.step;
  const auto each = [&](std::int32_t alone, const Movements& movements) {
    for (const Alone::Load& load : step.alone[index(alone)].loads) visit(load, movements);
  };
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const std::int32_t alone = step.streams[s].alone;
    if (alone >= 0) each(alone, streams[index(evaluation.quotient.class_of_stream[s])]);
  }
  for (std::size_t g = 0; g < evaluation.quotient.groups.size(); ++g) {
    const auto sets = step.sets_of(step.groups[index(evaluation.quotient.groups[g].representative)]);
    const auto movements = along_lone_sets(evaluation, g);
    for (std::size_t set = 0; set < movements.size(); ++set) {
      if (!movements[set].empty()) each(sets[set].alone, movements[set]);
    }
  }
}

Bytes sum(const Movements& movements) {
  Bytes bytes;
  for (const Movement& movement : movements) bytes += movement.bytes;
  return bytes;
}

}  // namespace

std::vector<LinkUse> link_use(const Fabric& fabric, const Evaluation& evaluation) {
  std::vector<LinkUse> uses;
  for (const LinkLevel& level : fabric.levels()) uses.push_back({level.name, "", 0, -1});
  const auto carry = [&](LinkId link, Bandwidth capacity, Bytes bytes) {
    LinkUse& use = uses[static_cast<std::size_t>(&fabric.level_of(link) - fabric.levels().data())];
    const double utilisation = bytes / (capacity * evaluation.trace.end);
    if (utilisation <= use.utilisation) return;
    use = {use.level, fabric.link_name(link), utilisation, link};
  };
  const std::vector<Movements> streams = along_streams(evaluation);
  std::vector<Bytes> of_class(streams.size()), of_link(evaluation.step.links.size());
  std::ranges::transform(streams, of_class.begin(), sum);
  for_shared(evaluation,
             [&](std::size_t link, std::size_t id, double share) { of_link[link] += share * of_class[id]; });
  for (std::size_t l = 0; l < of_link.size(); ++l)
    carry(evaluation.step.links[l].link, evaluation.step.links[l].capacity, of_link[l]);
  for_lone(evaluation, streams, [&](const Alone::Load& load, const Movements& movements) {
    carry(load.link, load.capacity, load.share * sum(movements));
  });
  return uses;
}

std::vector<LinkLoad> link_loads(const Evaluation& evaluation, LinkId link) {
  std::vector<LinkLoad> changes;
  const auto add = [&](const Movements& movements, double share) {
    for (const Movement& movement : movements) {
      if (movement.end <= movement.start) continue;
      const Bandwidth rate = share * movement.bytes / (movement.end - movement.start);
      changes.push_back({movement.start, rate});
      changes.push_back({movement.end, -1.0 * rate});
    }
  };
  const std::vector<Movements> streams = along_streams(evaluation);
  for_shared(evaluation, [&](std::size_t shared, std::size_t id, double share) {
    if (evaluation.step.links[shared].link == link) add(streams[id], share);
  });
  Movements busiest;  // alike exchanges are listed with the links of the first
  double share = 0;
  for_lone(evaluation, streams, [&](const Alone::Load& load, const Movements& movements) {
    if (load.link != link || load.share * sum(movements) <= share * sum(busiest)) return;
    busiest = movements;
    share = load.share;
  });
  add(busiest, share);
  std::ranges::stable_sort(changes, {}, &LinkLoad::at);
  std::vector<LinkLoad> loads;
  Bandwidth load, most;
  for (const LinkLoad& change : changes) {
    load += change.load;
    most = std::max(most, load);
    if (loads.empty() || loads.back().at != change.at) loads.push_back({change.at, {}});
    loads.back().load = load > 1e-9 * most ? load : Bandwidth{};  // what is left of sums that cancel out
  }
  return loads;
}

}  // namespace traingrid

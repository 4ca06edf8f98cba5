#include "fold/dependencies.hpp"

#include "fold/makes.hpp"
#include "units/index.hpp"

#include <map>
#include <utility>

namespace traingrid {
namespace {

/// Edge labels: which communicator ties a rank to a group, which of a group's sets a stream belongs to, which end a
/// message stream has at a rank, how often a stream crosses a link.
enum class Edge : std::uint32_t { member, set, sender, receiver, crosses };
std::uint32_t label(Edge edge, std::uint32_t value) { return static_cast<std::uint32_t>(edge) + 5 * value; }

}  // namespace

LabelledGraph dependency_graph(const Template& step, bool with_links) {
  const Numbering at(step);
  std::map<std::pair<std::uint16_t, std::uint16_t>, std::uint32_t> amounts;  // weight and parts of a hop, numbered
  return LabelledGraph(index(with_links ? at.end : at.links), [&](auto edge) {
    for (std::size_t g = 0; g < step.groups.size(); ++g) {
      const auto tie = label(Edge::member, static_cast<std::uint32_t>(step.groups[g].communicator));
      for (const std::int32_t member : step.members_of(step.groups[g]))
        edge(at.groups + static_cast<NodeId>(g), member, tie);
    }
    for (std::size_t s = 0; s < step.streams.size(); ++s) {
      const Stream& stream = step.streams[s];
      const NodeId node = at.streams + static_cast<NodeId>(s);
      if (stream.group >= 0) {
        edge(node, at.groups + stream.group, label(Edge::set, static_cast<std::uint32_t>(stream.set)));
      } else {
        const auto kind = static_cast<std::uint32_t>(2 * stream.communicator + (stream.direction > 0 ? 1 : 0));
        edge(node, stream.from, label(Edge::sender, kind));
        edge(node, stream.to, label(Edge::receiver, kind));
      }
      if (!with_links) continue;
      for (const Hop& hop : step.path(stream)) {
        if (step.dropped[index(hop.link)]) continue;
        const auto amount = amounts.try_emplace({hop.weight, hop.parts}, static_cast<std::uint32_t>(amounts.size()));
        edge(node, at.links + hop.link, label(Edge::crosses, amount.first->second));
      }
    }
  });
}

Partition initial_partition(const Template& step, bool with_links) {
  Makes ranks, streams, links;
  ListMakes groups;
  Partition partition;
  partition.class_of.reserve(index(Numbering(step).end));
  const auto add = [&](std::int32_t number) { partition.class_of.push_back(partition.classes + number); };
  for (const Rank& rank : step.ranks) add(ranks.number({bits(rank.role), bits(rank.slowdown), bits(rank.generation)}));
  partition.classes += ranks.count();
  for (const Group& group : step.groups) add(groups.number(make_of(step, group)));
  partition.classes += groups.count();
  for (const Stream& stream : step.streams) add(streams.number(make_of(stream, 0, 0)));
  partition.classes += streams.count();
  if (!with_links) return partition;
  for (const SharedLink& link : step.links) add(links.number({bits(link.capacity / (byte / second))}));
  partition.classes += links.count();
  return partition;
}

}  // namespace traingrid

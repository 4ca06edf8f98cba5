#include "fold/dependencies.hpp"

#include "units/index.hpp"

#include <array>
#include <bit>
#include <map>
#include <unordered_map>
#include <utility>

namespace traingrid {
namespace {

/// Edge labels: which communicator ties a rank to a group, which of a group's sets a stream belongs to, which end a
/// message stream has at a rank, how often a stream crosses a link.
enum class Edge : std::uint32_t { member, set, sender, receiver, crosses };
std::uint32_t label(Edge edge, std::uint32_t value) { return static_cast<std::uint32_t>(edge) + 5 * value; }

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
std::uint64_t number(std::int32_t value) { return static_cast<std::uint64_t>(value); }

/// Everything of a node's own that decides what it does.
using Make = std::array<std::uint64_t, 6>;
struct MakeHash {
  std::size_t operator()(const Make& make) const {
    std::uint64_t h = 0;
    for (const std::uint64_t value : make) {
      h = (h ^ value) * 0xff51afd7ed558ccdULL;
      h ^= h >> 32;
    }
    return h;
  }
};

/// Numbers nodes by make.
class Starts {
 public:
  void add(const Make& make) {
    const auto [entry, fresh] = ids_.try_emplace(make, partition.classes);
    if (fresh) ++partition.classes;
    partition.class_of.push_back(entry->second);
  }
  Partition partition;

 private:
  std::unordered_map<Make, ClassId, MakeHash> ids_;
};

/// Sets of groups, numbered by what they are made of.
class SetMakes {
 public:
  std::uint64_t operator()(std::span<const FlowSet> sets) {
    std::vector<std::uint64_t> make;
    for (const FlowSet& set : sets) {
      make.insert(make.end(), {bits(set.distance / second), number(set.alone), number(set.flow_count)});
    }
    return ids_.try_emplace(std::move(make), ids_.size()).first->second;
  }

 private:
  std::map<std::vector<std::uint64_t>, std::uint64_t> ids_;
};

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
  Starts starts;
  starts.partition.class_of.reserve(index(Numbering(step).end));
  for (const Rank& rank : step.ranks) starts.add({0, number(rank.role), bits(rank.slowdown), number(rank.generation)});
  SetMakes set_makes;
  for (const Group& group : step.groups) {
    starts.add({1, number(group.communicator), number(group.shape.members), number(group.shape.nodes),
                number(group.shape.least_per_node), set_makes(step.sets_of(group))});
  }
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const Stream& stream = step.streams[s];
    const std::uint64_t kind = stream.group >= 0 ? 2 * number(stream.set) : 2 * number(stream.direction + 1) + 1;
    starts.add({2 + 4 * number(stream.communicator), kind, bits(stream.share), bits(stream.latency / second),
                number(stream.alone)});
  }
  if (with_links) {
    for (const SharedLink& link : step.links) starts.add({3, bits(link.capacity / (byte / second))});
  }
  return std::move(starts.partition);
}

}  // namespace traingrid

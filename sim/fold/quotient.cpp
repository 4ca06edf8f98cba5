#include "fold/quotient.hpp"

#include "fold/partition.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace traingrid {
namespace {

/// Edge labels: which communicator ties a rank to a group, which end a message stream has at a rank, how often a stream
/// crosses a link.
constexpr std::uint32_t kMember = 0, kStreamOfGroup = 1, kSender = 2, kReceiver = 3, kCrosses = 4, kLabels = 5;
std::uint32_t label(std::uint32_t kind, std::int32_t value) {
  return kind + kLabels * static_cast<std::uint32_t>(value);
}

/// Order of the graph's nodes: ranks, groups, streams, links that were not dropped but crossed.
struct Numbering {
  explicit Numbering(const Template& step)
      : groups(static_cast<NodeId>(step.ranks.size())),
        streams(groups + static_cast<NodeId>(step.groups.size())),
        links(streams + static_cast<NodeId>(step.streams.size())),
        nodes(links),
        link_node(step.capacity.size(), -1) {
    for (const Hop& hop : step.hops) {
      if (step.dropped[index(hop.link)] || link_node[index(hop.link)] >= 0) continue;
      link_node[index(hop.link)] = nodes++;
      link_of_node.push_back(hop.link);
    }
  }
  NodeId groups, streams, links, nodes;
  std::vector<NodeId> link_node;     // by link, or −1
  std::vector<LinkId> link_of_node;  // by node − links
};

LabelledGraph make_graph(const Template& step, const Numbering& at) {
  LabelledGraph graph(index(at.nodes));
  for (std::size_t g = 0; g < step.groups.size(); ++g) {
    const Group& group = step.groups[g];
    const auto& members = step.program->communicators[index(group.communicator)].members;
    for (std::int32_t i = 0; i < group.members; ++i) {
      graph.add_edge(at.groups + static_cast<NodeId>(g), members[index(group.first_member + i)],
                     label(kMember, group.communicator));
    }
  }
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const Stream& stream = step.streams[s];
    const NodeId node = at.streams + static_cast<NodeId>(s);
    const std::int32_t kind = 2 * stream.communicator + (stream.direction > 0 ? 1 : 0);
    if (stream.group >= 0) {
      graph.add_edge(node, at.groups + stream.group, label(kStreamOfGroup, 0));
    } else {
      graph.add_edge(node, stream.from, label(kSender, kind));
      graph.add_edge(node, stream.to, label(kReceiver, kind));
    }
    for (const Hop& hop : step.path(stream)) {
      if (!step.dropped[index(hop.link)])
        graph.add_edge(node, at.link_node[index(hop.link)], label(kCrosses, hop.weight));
    }
  }
  graph.seal();
  return graph;
}

/// Nodes that differ in kind or in a number of their own start apart.
Partition initial_partition(const Template& step, const Numbering& at) {
  using Key = std::array<std::uint64_t, 4>;
  std::map<Key, std::uint64_t> ids;
  std::vector<std::uint64_t> colours;
  const auto add = [&](Key key) { colours.push_back(ids.try_emplace(key, ids.size()).first->second); };
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  for (const Rank& rank : step.ranks) add({0, static_cast<std::uint64_t>(rank.role), bits(rank.slowdown), 0});
  for (const Group& group : step.groups) {
    add({1, static_cast<std::uint64_t>(group.communicator), static_cast<std::uint64_t>(group.members),
         bits(group.step_latency / second)});
  }
  for (const Stream& stream : step.streams) {
    const std::uint64_t kind = stream.group >= 0 ? 0 : static_cast<std::uint64_t>(stream.direction + 2);
    add({2 + 8 * static_cast<std::uint64_t>(stream.communicator), kind, bits(stream.share),
         bits(stream.latency / second)});
  }
  for (const LinkId link : at.link_of_node) add({3, bits(step.capacity[index(link)] / (byte / second)), 0, 0});
  return partition_by(colours);
}

class QuotientBuilder {
 public:
  QuotientBuilder(const Template& step, const Numbering& at, const Partition& partition)
      : step_(step), at_(at), partition_(partition), id_(index(partition.classes), -1) {}

  Quotient build() {
    add_links();
    add_streams();
    add_groups();
    add_ranks();
    connect_messages();
    return std::move(quotient_);
  }

 private:
  /// The class of a node in its own list of the quotient; `fresh` if this node is the first of it.
  std::pair<std::int32_t, bool> class_of(NodeId node, std::size_t known) {
    std::int32_t& id = id_[index(partition_.class_of[index(node)])];
    const bool fresh = id < 0;
    if (fresh) id = static_cast<std::int32_t>(known);
    return {id, fresh};
  }

  void add_links() {
    for (std::size_t i = 0; i < at_.link_of_node.size(); ++i) {
      const LinkId link = at_.link_of_node[i];
      const auto [id, fresh] = class_of(at_.links + static_cast<NodeId>(i), quotient_.links.size());
      if (fresh) quotient_.links.push_back({step_.capacity[index(link)], 0, link});
      ++quotient_.links[index(id)].multiplicity;
      link_class_.push_back(id);
    }
  }

  void add_streams() {
    std::vector<std::map<std::int32_t, std::int32_t>> weights;
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const Stream& stream = step_.streams[s];
      const auto [id, fresh] = class_of(at_.streams + static_cast<NodeId>(s), quotient_.streams.size());
      if (fresh) {
        quotient_.streams.push_back({stream.communicator, stream.share, stream.latency, 0, {}});
        weights.emplace_back();
      }
      ++quotient_.streams[index(id)].multiplicity;
      quotient_.class_of_stream.push_back(id);
      for (const Hop& hop : step_.path(stream)) {
        const NodeId node = at_.link_node[index(hop.link)];
        if (node < 0) continue;
        const std::int32_t link = link_class_[index(node - at_.links)];
        if (quotient_.links[index(link)].representative == hop.link) weights[index(id)][link] += hop.weight;
      }
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
      for (auto [link, weight] : weights[i])
        quotient_.streams[i].links.push_back({link, static_cast<std::uint16_t>(weight)});
    }
  }

  void add_groups() {
    for (std::size_t g = 0; g < step_.groups.size(); ++g) {
      const Group& group = step_.groups[g];
      const auto [id, fresh] = class_of(at_.groups + static_cast<NodeId>(g), quotient_.groups.size());
      if (fresh) {
        quotient_.groups.push_back({group.communicator, group.members, 0, group.step_latency, {}, {}});
        representative_groups_.push_back(g);
      }
      ++quotient_.groups[index(id)].multiplicity;
      group_class_.push_back(id);
    }
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const std::int32_t group = step_.streams[s].group;
      if (group < 0) continue;
      const std::int32_t id = group_class_[index(group)];
      if (representative_groups_[index(id)] == index(group))
        insert(quotient_.groups[index(id)].streams, quotient_.class_of_stream[s]);
    }
  }

  void add_ranks() {
    const std::size_t communicators = step_.program->communicators.size();
    for (std::size_t r = 0; r < step_.ranks.size(); ++r) {
      const auto [id, fresh] = class_of(static_cast<NodeId>(r), quotient_.ranks.size());
      if (fresh) {
        RankClass fresh_class{
            step_.ranks[r].role, step_.ranks[r].slowdown, 0, static_cast<std::int32_t>(r), {}, {}, {}};
        fresh_class.group.assign(communicators, -1);
        fresh_class.outgoing.assign(communicators, {-1, -1});
        fresh_class.incoming.assign(communicators, {-1, -1});
        quotient_.ranks.push_back(std::move(fresh_class));
      }
      ++quotient_.ranks[index(id)].multiplicity;
      quotient_.class_of_rank.push_back(id);
    }
    for (std::size_t g = 0; g < step_.groups.size(); ++g) {
      const Group& group = step_.groups[g];
      const auto& members = step_.program->communicators[index(group.communicator)].members;
      const bool representative = representative_groups_[index(group_class_[g])] == g;
      for (std::int32_t i = 0; i < group.members; ++i) {
        const std::int32_t rank = quotient_.class_of_rank[index(members[index(group.first_member + i)])];
        quotient_.ranks[index(rank)].group[index(group.communicator)] = group_class_[g];
        if (representative) insert(quotient_.groups[index(group_class_[g])].members, rank);
      }
    }
  }

  void connect_messages() {
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const Stream& stream = step_.streams[s];
      if (stream.group >= 0) continue;
      const std::size_t comm = index(stream.communicator), towards = stream.direction > 0 ? 1 : 0;
      quotient_.ranks[index(quotient_.class_of_rank[index(stream.from)])].outgoing[comm][towards] =
          quotient_.class_of_stream[s];
      // the receiver finds the sender in the opposite direction
      quotient_.ranks[index(quotient_.class_of_rank[index(stream.to)])].incoming[comm][1 - towards] =
          quotient_.class_of_stream[s];
    }
  }

  static void insert(std::vector<std::int32_t>& list, std::int32_t value) {
    if (std::ranges::find(list, value) == list.end()) list.push_back(value);
  }

  const Template& step_;
  const Numbering& at_;
  const Partition& partition_;
  std::vector<std::int32_t> id_;  // by class of the partition: its place in its list of the quotient
  std::vector<std::int32_t> link_class_, group_class_;
  std::vector<std::size_t> representative_groups_;
  Quotient quotient_;
};

}  // namespace

Quotient fold(const Template& step) {
  const Numbering at(step);
  const LabelledGraph graph = make_graph(step, at);
  Partition partition = refine(graph, initial_partition(step, at));
  if (!is_equitable(graph, partition)) partition = discrete_partition(graph.nodes());
  return QuotientBuilder(step, at, partition).build();
}

Quotient fold_nothing(const Template& step) {
  const Numbering at(step);
  return QuotientBuilder(step, at, discrete_partition(index(at.nodes))).build();
}

}  // namespace traingrid

// The step as ranks, groups, streams and links, before any operation is copied: what folding works on.
// A stream is a flow that recurs: one hop of a collective, or messages from one rank to another.
#pragma once

#include "cluster/fabric.hpp"
#include "cluster/overrides.hpp"
#include "collective/plan.hpp"
#include "units/quantity.hpp"
#include "workload/program.hpp"

#include <span>
#include <vector>

namespace traingrid {

/// Time of a byte.
using TimePerData = decltype(Seconds{} / Bytes{});

struct Rank {
  std::int32_t role = 0;
  Device device = 0;
  double slowdown = 1;
  std::int32_t generation = -1;  ///< of its accelerator, see Cluster::generation_of
};

/// Flows that have their links to themselves: how long they take is known without simulating the rest of the step.
struct Alone {
  struct Load {
    LinkId link;  ///< of those of the first such flows met
    Bandwidth capacity;
    double share;  ///< of the volume that crosses it
  };
  TimePerData time;  ///< of a byte of volume
  std::vector<Load> loads;
};

/// Flows that the members of a group exchange by one pattern, whatever the collective.
struct FlowSet {
  Flows flows = nullptr;
  Seconds distance;                   ///< of its way between nodes, mean by share
  std::int32_t flow_count = 0;        ///< whether they have streams or not
  std::int32_t alone = -1;            ///< in Template::alone, and then it has no streams; or −1
  std::int32_t first = 0, count = 0;  ///< its streams
};

struct Group {
  std::int32_t communicator = 0;
  std::int32_t first_member = 0;  ///< in the members of the communicator
  GroupShape shape;
  std::int32_t first_set = 0, sets = 0;
};

/// Of a collective: `group` and `share`. Of messages: `group` −1, `from`, `to` and `direction`.
struct Stream {
  std::int32_t group = -1, set = -1;  ///< set: within the group
  std::int32_t from = -1, to = -1;    ///< ranks
  std::int32_t communicator = 0;
  std::int16_t direction = 0, hops = 0;
  std::uint32_t first_hop = 0;
  double share = 1;
  Seconds latency;          ///< of a message
  std::int32_t alone = -1;  ///< of a message: in Template::alone, and then it lists no links; or −1
};

/// A link that is shared: hops count these, not those of the fabric.
struct SharedLink {
  LinkId link = 0;
  Bandwidth capacity;
};

struct Template {
  const Program* program = nullptr;
  Tuning tuning;
  std::vector<Rank> ranks;
  std::vector<Group> groups;
  std::vector<FlowSet> sets;
  std::vector<Alone> alone;
  std::vector<Stream> streams;
  std::vector<Hop> hops;
  std::vector<SharedLink> links;
  std::vector<bool> dropped;  ///< by link: cannot bind, see drop_redundant_links

  std::span<const Hop> path(const Stream& stream) const {
    return {hops.data() + stream.first_hop, static_cast<std::size_t>(stream.hops)};
  }
  std::span<const FlowSet> sets_of(const Group& group) const {
    return {sets.data() + group.first_set, static_cast<std::size_t>(group.sets)};
  }
  std::span<const std::int32_t> members_of(const Group& group) const {
    const auto& members = program->communicators[static_cast<std::size_t>(group.communicator)].members;
    return {members.data() + group.first_member, static_cast<std::size_t>(group.shape.members)};
  }
};

/// Whether sets of flows and messages that are alone on their links become durations.
enum class Isolation { none, durations };

/// Everything a program exchanges on a fabric. Throws std::logic_error if ranks do not fit the devices or a path
/// crosses a link that is down.
Template build_template(const Fabric& fabric, const Tuning& tuning, const Overrides& overrides,
                        const PlacedProgram& placed, Isolation isolation);

/// Drops every link l that others imply: if each stream through l also crosses, just before or just after it, one of
/// links that together bring no more to l than it can carry, then l never binds, and max-min rates are the same without
/// it. A link of which its streams take half of what they take of l brings twice its capacity. Links that stand in for
/// dropped ones are kept.
void drop_redundant_links(Template& step);

}  // namespace traingrid

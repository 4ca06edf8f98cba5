// The step as ranks, groups, streams and links, before any operation is copied: what folding works on.
// A stream is a flow that recurs: one hop of a collective, or messages from one rank to another.
#pragma once

#include "cluster/fabric.hpp"
#include "cluster/overrides.hpp"
#include "units/quantity.hpp"
#include "workload/program.hpp"

#include <span>
#include <string>
#include <vector>

namespace traingrid {

struct Rank {
  std::int32_t role = 0;
  Device device = 0;
  double slowdown = 1;
};

struct Group {
  std::int32_t communicator = 0;
  std::int32_t first_member = 0, members = 0;  ///< in the members of the communicator
  Seconds step_latency;                        ///< mean over the flows of the collective, by share
};

/// Of a collective: `group` and `share`. Of messages: `group` −1, `from` and `direction`.
struct Stream {
  std::int32_t communicator = 0;
  std::int32_t group = -1;
  std::int32_t from = -1, to = -1;  ///< ranks
  std::int32_t direction = 0;
  double share = 1;
  Seconds latency;  ///< of a message
  std::size_t first_hop = 0, hops = 0;
};

struct Template {
  const Program* program = nullptr;
  std::vector<Rank> ranks;
  std::vector<Group> groups;
  std::vector<Stream> streams;
  std::vector<Hop> hops;
  std::vector<Bandwidth> capacity;  ///< by link
  std::vector<bool> dropped;        ///< by link: cannot bind, see drop_redundant_links

  std::span<const Hop> path(const Stream& stream) const { return {hops.data() + stream.first_hop, stream.hops}; }
};

/// Everything a program exchanges on a fabric. Throws std::logic_error if ranks do not fit the devices.
Template build_template(const Fabric& fabric, const Overrides& overrides, const PlacedProgram& placed);

/// Drops every link l that others imply: if each stream through l also crosses, just before or just after it and at
/// least as often, one of links that together carry no more than l can, then l never binds, and max-min rates are the
/// same without it. Links that stand in for dropped ones are kept.
void drop_redundant_links(Template& step);

}  // namespace traingrid

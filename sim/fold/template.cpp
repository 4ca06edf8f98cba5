#include "fold/template.hpp"

#include "cluster/router.hpp"
#include "fold/alone.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace traingrid {
namespace {

/// What the operations of a program ask of a communicator.
struct Demand {
  std::set<std::pair<Collective, Bytes>> collectives;
  std::set<std::int32_t> directions;                             // of messages
  std::set<std::pair<std::int32_t, std::int32_t>> sender_roles;  // role, direction
};

std::vector<Demand> demands_of(const Program& program) {
  std::vector<Demand> demands(program.communicators.size());
  std::set<std::pair<std::int32_t, std::int32_t>> seen;  // role, block
  for (std::size_t r = 0; r < program.roles.size(); ++r) {
    const auto role = static_cast<std::int32_t>(r);
    for (const Launch& launch : program.roles[r].launches) {
      if (!seen.insert({role, launch.block}).second) continue;
      for (const Operation& op : program.blocks[index(launch.block)].operations) {
        if (op.kind == Operation::Kind::collective) {
          demands[index(op.communicator)].collectives.insert({op.collective, op.bytes});
        } else if (op.kind == Operation::Kind::send) {
          demands[index(op.communicator)].directions.insert(op.direction);
          demands[index(op.communicator)].sender_roles.insert({role, op.direction});
        }
      }
    }
  }
  return demands;
}

/// Flows between positions, the same for all groups whose members are spread over nodes alike.
class FlowCache {
 public:
  const std::vector<Flow>& operator()(Flows flows, const std::vector<int>& node_of_member) {
    auto [entry, fresh] = known_.try_emplace({flows, node_of_member});
    if (fresh) entry->second = flows(node_of_member);
    return entry->second;
  }

 private:
  std::map<std::pair<Flows, std::vector<int>>, std::vector<Flow>> known_;
};

class TemplateBuilder {
 public:
  TemplateBuilder(const Fabric& fabric, const Tuning& tuning, const Overrides& overrides, const PlacedProgram& placed)
      : fabric_(fabric),
        overrides_(overrides),
        placed_(placed),
        program_(*placed.program),
        demands_(demands_of(program_)),
        owner_(index(fabric.links()), kNobody),
        place_of_node_(index(fabric.node_of(fabric.devices() - 1)) + 1, -1),
        alone_(fabric, rate_) {
    step_.program = placed.program;
    step_.tuning = tuning;
    for (auto [link, rate] : overrides.links) rate_.try_emplace(link, 1).first->second *= rate;
    add_ranks();
    add_groups();
  }

  Template build(Isolation isolation) {
    if (isolation == Isolation::durations) {
      visit_all([&](std::int32_t unit, std::int32_t, std::int32_t) { claim_links(unit); });
    } else {
      std::ranges::fill(owner_, kShared);
    }
    visit_all([&](std::int32_t unit, std::int32_t set, std::int32_t communicator) {
      const bool alone = isolation == Isolation::durations && is_alone(unit);
      set >= 0 ? store_set(set, alone) : store_message(communicator, alone);
    });
    step_.dropped.assign(step_.links.size(), false);
    return std::move(step_);
  }

 private:
  static constexpr std::int32_t kNobody = -1, kShared = -2;

  void add_ranks() {
    if (placed_.device_of_rank.size() != program_.role_of_rank.size())
      throw std::logic_error("every rank needs a device");
    for (std::size_t rank = 0; rank < program_.role_of_rank.size(); ++rank) {
      const Device device = placed_.device_of_rank[rank];
      if (device < 0 || device >= fabric_.devices()) throw std::logic_error("a rank is placed outside the cluster");
      double slowdown = 1;
      for (const auto& slow : overrides_.devices) slowdown *= slow.device == device ? slow.slowdown : 1;
      step_.ranks.push_back({program_.role_of_rank[rank], device, slowdown});
    }
  }

  void add_groups() {
    std::map<std::pair<std::int32_t, GroupShape>, std::vector<Flows>> patterns;
    for (std::size_t c = 0; c < demands_.size(); ++c) {
      if (demands_[c].collectives.empty()) continue;
      const Communicator& comm = program_.communicators[c];
      const auto communicator = static_cast<std::int32_t>(c);
      for (int g = 0; g < comm.groups(); ++g) {
        Group group{communicator, comm.offsets[index(g)], {}, static_cast<std::int32_t>(step_.sets.size()), 0};
        group.shape.members = comm.offsets[index(g) + 1] - group.first_member;
        group.shape = shape_of(nodes_of(group));
        const auto [entry, fresh] = patterns.try_emplace({communicator, group.shape});
        if (fresh) entry->second = patterns_of(demands_[c], group.shape);
        for (const Flows flows : entry->second) step_.sets.push_back({.flows = flows});
        group.sets = static_cast<std::int32_t>(entry->second.size());
        step_.groups.push_back(group);
      }
    }
  }

  std::vector<Flows> patterns_of(const Demand& demand, const GroupShape& shape) const {
    std::vector<Flows> patterns;
    for (const auto& [kind, bytes] : demand.collectives) {
      for (const Plan::Part& part : plan(step_.tuning, kind, bytes, shape).parts) {
        if (std::ranges::find(patterns, part.flows) == patterns.end()) patterns.push_back(part.flows);
      }
    }
    return patterns;
  }

  /// Nodes of the members, numbered in order of appearance.
  const std::vector<int>& nodes_of(const Group& group) {
    nodes_.clear();
    touched_.clear();
    for (const std::int32_t member : step_.members_of(group)) {
      int& place = place_of_node_[index(fabric_.node_of(step_.ranks[index(member)].device))];
      if (place < 0) {
        place = static_cast<int>(touched_.size());
        touched_.push_back(&place);
      }
      nodes_.push_back(place);
    }
    for (int* place : touched_) *place = -1;
    return nodes_;
  }

  /// Calls `visit(unit, set or −1, communicator)` for every set of flows and every message, with the flows and their
  /// paths at hand; always in the same order, on a fresh router.
  template <class Visit>
  void visit_all(Visit visit) {
    Router router(fabric_, overrides_);
    std::int32_t unit = 0, last = -1;
    for (std::size_t g = 0; g < step_.groups.size(); ++g) {
      const Group& group = step_.groups[g];
      if (std::exchange(last, group.communicator) != group.communicator) router.next_phase();
      for (std::int32_t i = 0; i < group.sets; ++i, ++unit) {
        group_ = static_cast<std::int32_t>(g);
        route_set(router, group, step_.sets[index(group.first_set + i)].flows);
        visit(unit, group.first_set + i, group.communicator);
      }
    }
    for (std::size_t c = 0; c < demands_.size(); ++c) {
      for (const std::int32_t direction : demands_[c].directions) {
        router.next_phase();
        visit_messages(router, static_cast<std::int32_t>(c), direction, unit, visit);
      }
    }
  }

  template <class Visit>
  void visit_messages(Router& router, std::int32_t communicator, std::int32_t direction, std::int32_t& unit,
                      Visit visit) {
    const Communicator& comm = program_.communicators[index(communicator)];
    const auto& senders = demands_[index(communicator)].sender_roles;
    std::vector<bool> sends(program_.roles.size());
    for (std::size_t role = 0; role < sends.size(); ++role)
      sends[role] = senders.contains({static_cast<std::int32_t>(role), direction});
    direction_ = direction;
    for (int g = 0; g < comm.groups(); ++g) {
      const std::int32_t first = comm.offsets[index(g)], count = comm.offsets[index(g) + 1] - first;
      for (std::int32_t i = 0; i < count; ++i) {
        const std::int32_t from = comm.members[index(first + i)];
        if (!sends[index(program_.role_of_rank[index(from)])]) continue;
        begin_unit();
        route(router, from, comm.members[index(first + (i + direction + count) % count)], 1);
        visit(unit++, -1, communicator);
      }
    }
  }

  void begin_unit() {
    flows_.clear();
    hops_.clear();
  }

  void route_set(Router& router, const Group& group, Flows flows) {
    begin_unit();
    const auto members = step_.members_of(group);
    const auto rank = [&](std::int32_t position) { return position < 0 ? position : members[index(position)]; };
    for (const Flow& flow : flow_cache_(flows, nodes_of(group)))
      route(router, rank(flow.from), rank(flow.to), flow.share);
  }

  /// Adds a flow between ranks, one of which may be a switch or a host.
  void route(Router& router, std::int32_t from, std::int32_t to, double share) {
    const auto device = [&](std::int32_t rank) { return step_.ranks[index(rank)].device; };
    if (to == kHost) {
      router.path_to_host(device(from), path_);
    } else if (to == kHostMemory) {
      router.path_in_host(device(from), path_);
    } else if (from == kHost) {
      router.path_from_host(device(to), path_);
    } else if (to < 0) {
      router.path_to_switch(device(from), to == kNetworkSwitch, path_);
    } else if (from < 0) {
      router.path_from_switch(device(to), from == kNetworkSwitch, path_);
    } else {
      router.path(device(from), device(to), share, path_);
    }
    if (path_.empty()) throw std::logic_error("a path crosses no link");
    flows_.push_back(
        {from, to, share, static_cast<std::uint32_t>(hops_.size()), static_cast<std::int16_t>(path_.size())});
    hops_.insert(hops_.end(), path_.begin(), path_.end());
  }

  void claim_links(std::int32_t unit) {
    for (const Hop& hop : hops_) {
      std::int32_t& owner = owner_[index(hop.link)];
      owner = owner == kNobody || owner == unit ? unit : kShared;
    }
  }

  bool is_alone(std::int32_t unit) const {
    return std::ranges::all_of(hops_, [&](const Hop& hop) { return owner_[index(hop.link)] == unit; });
  }

  void store_set(std::int32_t id, bool alone) {
    FlowSet& set = step_.sets[index(id)];
    set.distance = mean_distance();
    set.flow_count = static_cast<std::int32_t>(flows_.size());
    if (alone) {
      set.alone = alone_.find(flows_, hops_, step_.alone);
      return;
    }
    set.first = static_cast<std::int32_t>(step_.streams.size());
    set.count = set.flow_count;
    const Group& group = step_.groups[index(group_)];
    for (const RoutedFlow& flow : flows_) {
      Stream stream{.group = group_, .set = id - group.first_set, .from = flow.from, .to = flow.to};
      stream.communicator = group.communicator;
      stream.share = flow.share;
      store(stream, flow);
    }
  }

  void store_message(std::int32_t communicator, bool alone) {
    const RoutedFlow& flow = flows_.front();
    Stream stream{.from = flow.from, .to = flow.to, .communicator = communicator};
    stream.direction = static_cast<std::int16_t>(direction_);
    stream.latency =
        fabric_.latency(step_.ranks[index(flow.from)].device, step_.ranks[index(flow.to)].device) + mean_distance();
    if (alone) {
      stream.alone = alone_.find(flows_, hops_, step_.alone);
      step_.streams.push_back(stream);
    } else {
      store(stream, flow);
    }
  }

  void store(Stream stream, const RoutedFlow& flow) {
    stream.first_hop = static_cast<std::uint32_t>(step_.hops.size());
    stream.hops = flow.hops;
    for (std::int16_t i = 0; i < flow.hops; ++i) {
      Hop hop = hops_[flow.first_hop + static_cast<std::size_t>(i)];
      hop.link = shared_link(hop.link);
      step_.hops.push_back(hop);
    }
    step_.streams.push_back(stream);
  }

  /// Its number among the links that are shared, or were not looked at; `owner_` keeps it as kShared − 1 − number.
  std::int32_t shared_link(LinkId link) {
    std::int32_t& owner = owner_[index(link)];
    if (owner < kShared) return kShared - 1 - owner;
    const auto id = static_cast<std::int32_t>(step_.links.size());
    step_.links.push_back({link, alone_.capacity(link)});
    owner = kShared - 1 - id;
    return id;
  }

  /// Of the flows between nodes.
  Seconds mean_distance() const {
    Seconds sum;
    double shares = 0;
    for (const RoutedFlow& flow : flows_) {
      if (flow.from < 0 || flow.to < 0) continue;
      const Device from = step_.ranks[index(flow.from)].device, to = step_.ranks[index(flow.to)].device;
      if (fabric_.node_of(from) == fabric_.node_of(to)) continue;
      sum += flow.share * fabric_.distance(from, to);
      shares += flow.share;
    }
    return shares > 0 ? sum / shares : Seconds{};
  }

  const Fabric& fabric_;
  const Overrides& overrides_;
  const PlacedProgram& placed_;
  const Program& program_;
  std::vector<Demand> demands_;
  std::map<LinkId, double> rate_;    // of links that are not healthy
  std::vector<std::int32_t> owner_;  // by link: the only unit that uses it, or one of the constants
  std::vector<int> place_of_node_;   // scratch, all −1 between uses
  AloneFlows alone_;
  FlowCache flow_cache_;
  Template step_;

  // the set of flows, or the message, that is being visited
  std::int32_t group_ = -1, direction_ = 0;
  std::vector<RoutedFlow> flows_;
  std::vector<Hop> hops_, path_;
  std::vector<int> nodes_;
  std::vector<int*> touched_;
};

}  // namespace

Template build_template(const Fabric& fabric, const Tuning& tuning, const Overrides& overrides,
                        const PlacedProgram& placed, Isolation isolation) {
  return TemplateBuilder(fabric, tuning, overrides, placed).build(isolation);
}

}  // namespace traingrid

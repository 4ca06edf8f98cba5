#include "fold/template.hpp"

#include "collective/collective.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace traingrid {
namespace {

class TemplateBuilder {
 public:
  TemplateBuilder(const Fabric& fabric, const Overrides& overrides, const PlacedProgram& placed)
      : fabric_(fabric), placed_(placed), program_(*placed.program) {
    step_.program = placed.program;
    add_links(overrides);
    add_ranks(overrides);
  }

  Template build() {
    std::set<std::int32_t> collectives;
    std::set<std::pair<std::int32_t, std::int32_t>> messages;  // communicator, direction
    std::set<std::pair<std::int32_t, std::int32_t>> senders;   // role, communicator · 4 + direction + 1
    for (std::size_t role = 0; role < program_.roles.size(); ++role) {
      for (const Launch& launch : program_.roles[role].launches) {
        if (seen_blocks_.insert({static_cast<std::int32_t>(role), launch.block}).second) {
          for (const Operation& op : program_.blocks[index(launch.block)].operations) {
            if (op.kind == Operation::Kind::collective) collectives.insert(op.communicator);
            if (op.kind != Operation::Kind::send) continue;
            messages.insert({op.communicator, op.direction});
            senders.insert({static_cast<std::int32_t>(role), op.communicator * 4 + op.direction + 1});
          }
        }
      }
    }
    for (std::int32_t communicator : collectives) add_groups(communicator);
    for (auto [communicator, direction] : messages) {
      const std::int32_t message = communicator * 4 + direction + 1;
      add_messages(communicator, direction, [&](std::int32_t rank) {
        return senders.contains({program_.role_of_rank[index(rank)], message});
      });
    }
    return std::move(step_);
  }

 private:
  void add_links(const Overrides& overrides) {
    for (const LinkLevel& level : fabric_.levels()) {
      step_.capacity.insert(step_.capacity.end(), index(level.count), level.capacity);
    }
    step_.dropped.assign(step_.capacity.size(), false);
    for (auto [link, rate] : overrides.links) step_.capacity.at(index(link)) *= rate;
  }

  void add_ranks(const Overrides& overrides) {
    if (placed_.device_of_rank.size() != program_.role_of_rank.size())
      throw std::logic_error("every rank needs a device");
    for (std::size_t rank = 0; rank < program_.role_of_rank.size(); ++rank) {
      const Device device = placed_.device_of_rank[rank];
      if (device < 0 || device >= fabric_.devices()) throw std::logic_error("a rank is placed outside the cluster");
      double slowdown = 1;
      for (const auto& slow : overrides.devices) slowdown *= slow.device == device ? slow.slowdown : 1;
      step_.ranks.push_back({program_.role_of_rank[rank], device, slowdown});
    }
  }

  void add_path(Stream& stream) {
    const Device from = step_.ranks[index(stream.from)].device, to = step_.ranks[index(stream.to)].device;
    fabric_.path(from, to, path_);
    stream.latency = fabric_.latency(from, to);
    stream.first_hop = step_.hops.size();
    stream.hops = path_.size();
    step_.hops.insert(step_.hops.end(), path_.begin(), path_.end());
  }

  void add_groups(std::int32_t communicator) {
    const Communicator& comm = program_.communicators[index(communicator)];
    const Flows flows = ring_phases(Collective::all_reduce, {}).front().flows;
    std::vector<int> nodes;
    for (int g = 0; g < comm.groups(); ++g) {
      const std::int32_t first = comm.offsets[index(g)], count = comm.offsets[index(g) + 1] - first;
      nodes.clear();
      for (std::int32_t i = first; i < first + count; ++i) nodes.push_back(fabric_.node_of(device_of(comm, i)));
      Group group{communicator, first, count, {}};
      double shares = 0;
      for (const Flow& flow : flows(nodes)) {
        Stream stream{.communicator = communicator,
                      .group = static_cast<std::int32_t>(step_.groups.size()),
                      .from = comm.members[index(first + flow.from)],
                      .to = comm.members[index(first + flow.to)],
                      .share = flow.share};
        add_path(stream);
        group.step_latency += flow.share * stream.latency;
        shares += flow.share;
        step_.streams.push_back(stream);
      }
      group.step_latency = group.step_latency / shares;
      step_.groups.push_back(group);
    }
  }

  template <class Sends>
  void add_messages(std::int32_t communicator, std::int32_t direction, Sends sends) {
    const Communicator& comm = program_.communicators[index(communicator)];
    for (int g = 0; g < comm.groups(); ++g) {
      const std::int32_t first = comm.offsets[index(g)], count = comm.offsets[index(g) + 1] - first;
      for (std::int32_t i = 0; i < count; ++i) {
        const std::int32_t from = comm.members[index(first + i)];
        if (!sends(from)) continue;
        Stream stream{.communicator = communicator,
                      .from = from,
                      .to = comm.members[index(first + (i + direction + count) % count)],
                      .direction = direction};
        add_path(stream);
        step_.streams.push_back(stream);
      }
    }
  }

  Device device_of(const Communicator& comm, std::int32_t member) const {
    return step_.ranks[index(comm.members[index(member)])].device;
  }

  const Fabric& fabric_;
  const PlacedProgram& placed_;
  const Program& program_;
  Template step_;
  std::set<std::pair<std::int32_t, std::int32_t>> seen_blocks_;  // role, block
  std::vector<Hop> path_;
};

}  // namespace

Template build_template(const Fabric& fabric, const Overrides& overrides, const PlacedProgram& placed) {
  return TemplateBuilder(fabric, overrides, placed).build();
}

}  // namespace traingrid

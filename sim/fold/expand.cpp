#include "collective/collective.hpp"

#include "fold/dag.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <numeric>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace traingrid {
namespace {

/// The n-th collective that the groups of a class carry out together.
struct Instance {
  std::int32_t start = -1, done = -1;
  std::size_t arrived = 0;
  const Operation* operation = nullptr;
};

struct Message {
  std::int32_t flow = -1;
  bool sent = false;
};

class Expansion {
 public:
  Expansion(const Quotient& quotient, const Program& program, const WorkTime& work_time)
      : quotient_(quotient),
        program_(program),
        work_time_(work_time),
        instances_(quotient.groups.size()),
        last_message_(quotient.streams.size(), -1),
        messages_(quotient.streams.size()) {}

  Dag build() {
    dag_.events.resize(quotient_.ranks.size());
    for (std::size_t rank = 0; rank < quotient_.ranks.size(); ++rank) walk(rank);
    check_instances();
    check_messages();
    link_successors();
    return std::move(dag_);
  }

 private:
  /// Where a rank class has got to: its last activity, its n-th collective per communicator, and the unawaited ones.
  struct Cursor {
    const RankClass& rank;
    std::int32_t last = -1;
    std::vector<std::size_t> collectives;
    std::vector<std::int32_t> pending;  // done activity of the last asynchronous collective, by communicator
  };

  void walk(std::size_t rank) {
    Cursor at{quotient_.ranks[rank], -1, {}, {}};
    at.collectives.assign(program_.communicators.size(), 0);
    at.pending.assign(program_.communicators.size(), -1);
    for (const Launch& launch : program_.roles[index(at.rank.role)].launches) {
      const Block& block = program_.blocks[index(launch.block)];
      for (std::size_t i = 0; i < block.operations.size(); ++i) {
        Event event{launch.block, static_cast<std::int32_t>(i), launch.micro_batch};
        visit(at, block.operations[i], event);
        event.end = at.last;
        dag_.events[rank].push_back(event);
      }
    }
  }

  void visit(Cursor& at, const Operation& op, Event& event) {
    switch (op.kind) {
      case Operation::Kind::compute:
        at.last = add({.kind = Activity::Kind::timer, .seconds = work_time_(op.work, at.rank)}, at.last);
        dag_.unfolded_activities += at.rank.multiplicity;
        break;
      case Operation::Kind::collective:
        collective(at, op, event);
        break;
      case Operation::Kind::send:
        send(at, op, event);
        break;
      case Operation::Kind::receive:
        receive(at, op, event);
        break;
      case Operation::Kind::wait:
        if (at.pending[index(op.communicator)] >= 0) {
          at.last = add({}, at.last);
          edge(std::exchange(at.pending[index(op.communicator)], -1), at.last);
        }
        break;
    }
  }

  void collective(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t group = at.rank.group[index(op.communicator)];
    if (group < 0) throw std::logic_error("a collective is called by a rank outside its communicator");
    auto& instances = instances_[index(group)];
    const std::size_t n = at.collectives[index(op.communicator)]++;
    if (n == instances.size()) instances.push_back(begin(group, op));
    Instance& instance = instances[n];
    if (instance.operation->collective != op.collective || instance.operation->bytes != op.bytes) {
      throw std::logic_error(fmt::format("members of a group of '{}' call different collectives",
                                         program_.communicators[index(op.communicator)].name));
    }
    ++instance.arrived;
    if (at.last >= 0) edge(at.last, instance.start);
    event.transfer = instance.start;
    event.delivery = instance.done;
    if (op.asynchronous) {
      at.pending[index(op.communicator)] = instance.done;
    } else {
      at.last = instance.done;
    }
  }

  /// Members gather at a join, the flows of all stream classes follow, a second join ends it.
  Instance begin(std::int32_t group, const Operation& op) {
    const GroupClass& g = quotient_.groups[index(group)];
    const Phase phase = ring_phases(op.collective, {g.size, 1, g.size}).front();
    Instance instance{add({}), -1, 0, &op};
    const auto& earlier = instances_[index(group)];
    if (!earlier.empty()) edge(earlier.back().done, instance.start);  // one at a time on a communicator
    const Seconds latency = phase.scale_up_steps * g.step_latency;
    const Bytes volume = phase.volume * op.bytes;
    for (const std::int32_t stream : g.streams) {
      const StreamClass& s = quotient_.streams[index(stream)];
      const std::int32_t flow =
          add({.kind = Activity::Kind::flow, .stream = stream, .seconds = latency, .bytes = s.share * volume});
      edge(instance.start, flow);
      if (instance.done < 0) instance.done = g.streams.size() == 1 ? flow : add({});
      if (flow != instance.done) edge(flow, instance.done);
      dag_.unfolded_activities += s.multiplicity;
    }
    return instance;
  }

  void send(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t stream = at.rank.outgoing[index(op.communicator)][op.direction > 0 ? 1 : 0];
    const StreamClass& s = quotient_.streams[index(stream)];
    Message& letter = message(stream, op.tag, event.micro_batch);
    if (std::exchange(letter.sent, true)) throw std::logic_error("two messages are sent under the same tag");
    const std::int32_t flow = event.transfer = event.delivery = letter.flow;
    dag_.activities[index(flow)].seconds = s.latency;
    dag_.activities[index(flow)].bytes = op.bytes;
    if (at.last >= 0) edge(at.last, flow);
    if (last_message_[index(stream)] >= 0) edge(last_message_[index(stream)], flow);  // in order on a stream
    last_message_[index(stream)] = flow;
    dag_.unfolded_activities += s.multiplicity;
  }

  void receive(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t stream = at.rank.incoming[index(op.communicator)][op.direction > 0 ? 1 : 0];
    if (stream < 0) throw std::logic_error("a message is received that nobody sends");
    event.transfer = event.delivery = message(stream, op.tag, event.micro_batch).flow;
    at.last = add({}, at.last);
    edge(event.delivery, at.last);
  }

  /// A message with its flow, made by whichever end is met first.
  Message& message(std::int32_t stream, int tag, std::int32_t micro_batch) {
    const auto key = static_cast<std::int64_t>(micro_batch) * program_.tags + tag;
    const auto [entry, fresh] = messages_[index(stream)].try_emplace(key);
    if (fresh) entry->second.flow = add({.kind = Activity::Kind::flow, .stream = stream});
    return entry->second;
  }

  void check_messages() const {
    for (const auto& of_stream : messages_) {
      for (const auto& [_, message] : of_stream) {
        if (!message.sent) throw std::logic_error("a message is received that nobody sends");
      }
    }
  }

  void check_instances() const {
    for (std::size_t g = 0; g < instances_.size(); ++g) {
      for (const Instance& instance : instances_[g]) {
        if (instance.arrived == quotient_.groups[g].members.size()) continue;
        throw std::logic_error(fmt::format("a collective of '{}' is not called by all members",
                                           program_.communicators[index(quotient_.groups[g].communicator)].name));
      }
    }
  }

  std::int32_t add(Activity activity, std::int32_t after = -1) {
    const auto id = static_cast<std::int32_t>(dag_.activities.size());
    dag_.activities.push_back(activity);
    if (after >= 0) edge(after, id);
    return id;
  }
  void edge(std::int32_t from, std::int32_t to) { edges_.emplace_back(from, to); }

  void link_successors() {
    dag_.first_successor.assign(dag_.activities.size() + 1, 0);
    for (auto [from, to] : edges_) {
      ++dag_.first_successor[index(from) + 1];
      ++dag_.activities[index(to)].predecessors;
    }
    std::partial_sum(dag_.first_successor.begin(), dag_.first_successor.end(), dag_.first_successor.begin());
    std::vector<std::int32_t> fill(dag_.first_successor.begin(), dag_.first_successor.end() - 1);
    dag_.successors.resize(edges_.size());
    for (auto [from, to] : edges_) dag_.successors[index(fill[index(from)]++)] = to;
  }

  const Quotient& quotient_;
  const Program& program_;
  const WorkTime& work_time_;
  std::vector<std::vector<Instance>> instances_;  // by group class
  std::vector<std::int32_t> last_message_;        // by stream class
  std::vector<std::unordered_map<std::int64_t, Message>> messages_;
  std::vector<std::pair<std::int32_t, std::int32_t>> edges_;
  Dag dag_;
};

}  // namespace

Dag expand(const Quotient& quotient, const Program& program, const WorkTime& work_time) {
  return Expansion(quotient, program, work_time).build();
}

}  // namespace traingrid

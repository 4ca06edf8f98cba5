#include "collective/plan.hpp"

#include "fold/dag.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>
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
  Expansion(const Template& step, const Quotient& quotient, const WorkTime& work_time)
      : step_(step),
        quotient_(quotient),
        program_(*step.program),
        work_time_(work_time),
        instances_(quotient.groups.size()),
        last_message_(quotient.streams.size(), -1),
        messages_(quotient.streams.size()),
        awaiting_(quotient.groups.size(), 0) {
    for (const RankClass& rank : quotient.ranks) {
      for (const std::int32_t group : rank.group) {
        if (group >= 0) ++awaiting_[index(group)];
      }
    }
  }

  Dag build() {
    dag_.events.resize(quotient_.ranks.size());
    dag_.encounters.resize(quotient_.groups.size());
    for (std::size_t rank = 0; rank < quotient_.ranks.size(); ++rank) walk(rank);
    check_instances();
    check_messages();
    list_messages();
    link(dag_, edges_);
    return std::move(dag_);
  }

 private:
  /// Where a rank class has got to: its last activity, its n-th collective per communicator, and the unawaited ones.
  struct Cursor {
    const RankClass& rank;
    std::int32_t last = -1;
    bool open = false;  ///< the last activity is a timer of this rank class alone, and nothing follows it yet
    std::vector<std::size_t> collectives;
    std::vector<std::int32_t> pending;  // done activity of the last asynchronous collective, by communicator
  };

  void walk(std::size_t rank) {
    Cursor at{quotient_.ranks[rank], -1, false, {}, {}};
    at.collectives.assign(program_.communicators.size(), 0);
    at.pending.assign(program_.communicators.size(), -1);
    for (const Launch& launch : program_.roles[index(at.rank.role)].launches) {
      const Block& block = program_.blocks[index(launch.block)];
      for (std::size_t i = 0; i < block.operations.size(); ++i) {
        Event event{launch.block, static_cast<std::int32_t>(i), launch.micro_batch};
        visit(at, block.operations[i], event);
        event.end = at.last;
        if (at.open) event.within = dag_.activities[index(at.last)].seconds;
        dag_.events[rank].push_back(event);
      }
    }
  }

  void visit(Cursor& at, const Operation& op, Event& event) {
    switch (op.kind) {
      case Operation::Kind::compute:
        take(at, work_time_(op.work, at.rank));
        dag_.unfolded_activities += at.rank.multiplicity;
        break;
      case Operation::Kind::collective:
        if (!collective_alone(at, op)) collective(at, op, event);
        break;
      case Operation::Kind::send:
        send(at, op, event);
        break;
      case Operation::Kind::receive:
        receive(at, op, event);
        break;
      case Operation::Kind::wait:
        if (at.pending[index(op.communicator)] >= 0) {
          go_on_from(at, add({}, close(at)));
          edge(std::exchange(at.pending[index(op.communicator)], -1), at.last);
        }
        break;
    }
  }

  /// Time that passes for this rank class without anybody else.
  void take(Cursor& at, Seconds time) {
    if (at.open) {
      dag_.activities[index(at.last)].seconds += time;
    } else {
      go_on_from(at, add({.kind = Activity::Kind::timer, .seconds = time}, at.last));
      at.open = true;
    }
  }

  static void go_on_from(Cursor& at, std::int32_t activity) {
    at.last = activity;
    at.open = false;
  }

  /// Of the activity that comes next; returns what it has to wait for.
  static std::int32_t close(Cursor& at) {
    at.open = false;
    return at.last;
  }

  Moment now(const Cursor& at) const {
    return at.open ? Moment{at.last, dag_.activities[index(at.last)].seconds} : Moment{at.last};
  }

  /// A collective among ranks of one class on links of their own is but time, since all members arrive together.
  bool collective_alone(Cursor& at, const Operation& op) {
    const std::int32_t group = at.rank.group[index(op.communicator)];
    if (group < 0 || op.asynchronous || !instances_[index(group)].empty() || !meets_only_itself(at.rank, group))
      return false;
    const Group& representative = step_.groups[index(quotient_.groups[index(group)].representative)];
    const auto sets = step_.sets_of(representative);
    if (std::ranges::any_of(sets, [](const FlowSet& set) { return set.alone < 0; })) return false;
    Encounter encounter{now(at), {}, {}};
    for (const Plan::Part& part : plan_of(op, representative.shape).parts) {
      take(at, time_alone(group, set_of(sets, part), part, op.bytes, encounter));
    }
    encounter.done = now(at);
    dag_.encounters[index(group)].push_back(std::move(encounter));
    return true;
  }

  bool meets_only_itself(const RankClass& rank, std::int32_t group) const {
    const GroupClass& g = quotient_.groups[index(group)];
    const auto& joins = rank.joins[index(g.communicator)];
    return g.members.size() == 1 && joins.size() == 1 && joins.front() == group && awaiting_[index(group)] == 1;
  }

  void collective(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t group = at.rank.group[index(op.communicator)];
    if (group < 0) throw std::logic_error("a collective is called by a rank outside its communicator");
    const std::size_t n = at.collectives[index(op.communicator)]++;
    const std::int32_t before = close(at);
    for (const std::int32_t joined : at.rank.joins[index(op.communicator)]) {
      Instance& instance = instance_of(joined, n, op, joined == group && at.pending[index(op.communicator)] < 0);
      ++instance.arrived;
      if (before >= 0) edge(before, instance.start);
    }
    const Instance& awaited = instance_of(group, n, op, false);
    event.transfer = awaited.start;
    event.delivery = awaited.done;
    if (op.asynchronous) {
      at.pending[index(op.communicator)] = awaited.done;
    } else {
      go_on_from(at, awaited.done);
    }
  }

  /// The n-th collective of a group class, made by whichever member is met first; `in_order` if that one has waited for
  /// the collective before it.
  Instance& instance_of(std::int32_t group, std::size_t n, const Operation& op, bool in_order) {
    auto& instances = instances_[index(group)];
    if (n == instances.size()) instances.push_back(begin(group, op, in_order));
    Instance& instance = instances[n];
    if (instance.operation->collective != op.collective || instance.operation->bytes != op.bytes) {
      throw std::logic_error(fmt::format("members of a group of '{}' call different collectives",
                                         program_.communicators[index(op.communicator)].name));
    }
    return instance;
  }

  /// Members gather at a join, unless one activity is all that then begins; the parts of the plan follow one another.
  Instance begin(std::int32_t group, const Operation& op, bool in_order) {
    const Group& representative = step_.groups[index(quotient_.groups[index(group)].representative)];
    const std::vector<Plan::Part>& parts = plan_of(op, representative.shape).parts;
    const bool gather = parts.empty() || !is_one_activity(group, parts.front());
    Instance instance{static_cast<std::int32_t>(dag_.activities.size()), gather ? add({}) : -1, 0, &op};
    Encounter encounter{{instance.start, Seconds{}}, {}, {}};
    for (const Plan::Part& part : parts) instance.done = carry_out(group, part, op.bytes, instance.done, encounter);
    const auto& earlier = instances_[index(group)];
    if (!earlier.empty() && !in_order) edge(earlier.back().done, instance.start);  // one at a time on a communicator
    encounter.done = {instance.done};
    dag_.encounters[index(group)].push_back(std::move(encounter));
    return instance;
  }

  bool is_one_activity(std::int32_t group, const Plan::Part& part) const {
    const GroupClass& g = quotient_.groups[index(group)];
    const auto sets = step_.sets_of(step_.groups[index(g.representative)]);
    return sets[set_of(sets, part)].alone >= 0 || g.streams[set_of(sets, part)].size() == 1;
  }

  /// Flows of all stream classes, with a join if they are several; or a timer, if they have their links to themselves.
  std::int32_t carry_out(std::int32_t group, const Plan::Part& part, Bytes message, std::int32_t after,
                         Encounter& encounter) {
    const GroupClass& g = quotient_.groups[index(group)];
    const auto sets = step_.sets_of(step_.groups[index(g.representative)]);
    const std::size_t set = set_of(sets, part);
    if (sets[set].alone >= 0) {
      return add({.kind = Activity::Kind::timer, .seconds = time_alone(group, set, part, message, encounter)}, after);
    }
    const Seconds latency = latency_of(part, sets[set]);
    const std::int32_t join = g.streams[set].size() == 1 ? -1 : add({});
    const auto first_flow = static_cast<std::int32_t>(dag_.activities.size());
    encounter.parts.push_back({static_cast<std::int32_t>(set), first_flow, part.volume * message});
    for (const std::int32_t stream : g.streams[set]) {
      const StreamClass& s = quotient_.streams[index(stream)];
      const Bytes bytes = s.share * encounter.parts.back().volume;
      add({.kind = Activity::Kind::flow, .stream = stream, .seconds = latency, .bytes = bytes}, after);
      if (join >= 0) edge(static_cast<std::int32_t>(dag_.activities.size()) - 1, join);
      dag_.unfolded_activities += s.multiplicity;
    }
    return join >= 0 ? join : first_flow;
  }

  static std::size_t set_of(std::span<const FlowSet> sets, const Plan::Part& part) {
    return static_cast<std::size_t>(std::ranges::find(sets, part.flows, &FlowSet::flows) - sets.begin());
  }
  static Seconds latency_of(const Plan::Part& part, const FlowSet& set) {
    return part.latency + part.network_steps * set.distance;
  }

  /// How long that takes; what it moves is noted.
  Seconds time_alone(std::int32_t group, std::size_t id, const Plan::Part& part, Bytes message, Encounter& encounter) {
    const GroupClass& g = quotient_.groups[index(group)];
    const FlowSet& set = step_.sets_of(step_.groups[index(g.representative)])[id];
    encounter.parts.push_back({static_cast<std::int32_t>(id), -1, part.volume * message});
    dag_.unfolded_activities += static_cast<double>(g.multiplicity) * set.flow_count;
    return latency_of(part, set) + encounter.parts.back().volume * step_.alone[index(set.alone)].time;
  }

  const Plan& plan_of(const Operation& op, const GroupShape& shape) {
    const auto [entry, fresh] = plans_.try_emplace({op.collective, op.bytes, shape});
    if (fresh) entry->second = plan(step_.tuning, op.collective, op.bytes, shape);
    return entry->second;
  }

  void send(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t before = close(at);
    for (const std::int32_t stream : at.rank.outgoing[index(op.communicator)][op.direction > 0 ? 1 : 0]) {
      event.transfer = event.delivery = send_along(stream, op, event.micro_batch, before);
    }
  }

  std::int32_t send_along(std::int32_t stream, const Operation& op, std::int32_t micro_batch, std::int32_t before) {
    const StreamClass& s = quotient_.streams[index(stream)];
    Message& letter = message(stream, op.tag, micro_batch);
    if (std::exchange(letter.sent, true)) throw std::logic_error("two messages are sent under the same tag");
    Activity& activity = dag_.activities[index(letter.flow)];
    activity.bytes = op.bytes;
    activity.seconds = s.latency;
    if (s.alone > TimePerData{}) {
      activity.kind = Activity::Kind::timer;
      activity.seconds += op.bytes * s.alone;
    }
    if (before >= 0) edge(before, letter.flow);
    const std::int32_t last = std::exchange(last_message_[index(stream)], letter.flow);
    if (last >= 0) edge(last, letter.flow);  // in order on a stream
    dag_.unfolded_activities += s.multiplicity;
    return letter.flow;
  }

  void receive(Cursor& at, const Operation& op, Event& event) {
    const std::int32_t stream = at.rank.incoming[index(op.communicator)][op.direction > 0 ? 1 : 0];
    if (stream < 0) throw std::logic_error("a message is received that nobody sends");
    event.transfer = event.delivery = message(stream, op.tag, event.micro_batch).flow;
    go_on_from(at, add({}, close(at)));
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

  void list_messages() {
    for (const auto& of_stream : messages_) {
      dag_.messages.emplace_back();
      for (const auto& [key, message] : of_stream) dag_.messages.back().emplace_back(key, message.flow);
      std::ranges::sort(dag_.messages.back());
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

  const Template& step_;
  const Quotient& quotient_;
  const Program& program_;
  const WorkTime& work_time_;
  std::map<std::tuple<Collective, Bytes, GroupShape>, Plan> plans_;
  std::vector<std::vector<Instance>> instances_;  // by group class
  std::vector<std::int32_t> last_message_;        // by stream class
  std::vector<std::unordered_map<std::int64_t, Message>> messages_;
  std::vector<std::int32_t> awaiting_;  // by group class: how many rank classes wait for its collectives
  std::vector<std::pair<std::int32_t, std::int32_t>> edges_;
  Dag dag_;
};

}  // namespace

Dag expand(const Template& step, const Quotient& quotient, const WorkTime& work_time) {
  return Expansion(step, quotient, work_time).build();
}

}  // namespace traingrid

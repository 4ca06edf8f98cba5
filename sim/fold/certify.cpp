#include "fold/certify.hpp"

#include "fold/date_check.hpp"
#include "fold/sharing.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <compare>
#include <limits>
#include <queue>
#include <utility>

namespace traingrid {
namespace {

/// Dates this close are one, in absolute and in relative terms: far below what a step can resolve, far above rounding.
constexpr Seconds kInstant = 1e-13 * second;
constexpr double kSame = 1 + 1e-13;
constexpr Seconds kUnseen = 1e-10 * second;  // what rounding and the engine's precision of time make of one activity

Sharing sharing_of(const Quotient& quotient) {
  Sharing sharing;
  for (const LinkClass& link : quotient.links) sharing.add_link(link.capacity);
  for (const StreamClass& stream : quotient.streams) {
    std::vector<Sharing::Crossing> crossings;
    for (const Crossing& at : stream.links) crossings.push_back({at.link, static_cast<double>(at.weight)});
    sharing.add_flow(std::move(crossings));
  }
  return sharing;
}

/// Members that no link of their own holds back would be faster than their class.
void check_rate(const Sharing& sharing, const Rows& rows, std::int32_t stream, Verdict& verdict) {
  const auto& sets = rows.crossed[index(stream)];
  if (sets.size() < 2 || verdict.rows.contains(stream)) return;
  std::vector<std::int32_t> parts;
  for (const auto& set : sets) {
    const bool held = std::ranges::any_of(set, [&](std::int32_t row) { return sharing.holds_back(row, stream); });
    parts.push_back(held ? 0 : 1);
  }
  if (std::ranges::count(parts, 1) > 0) verdict.rows.emplace(stream, std::move(parts));
}

/// Runs the folded step event by event, and looks at every rate when it changes.
class Certifier {
 public:
  Certifier(const Quotient& quotient, const Dag& dag, const Rows& rows, Verdict& verdict)
      : dag_(dag), rows_(rows), verdict_(verdict), sharing_(sharing_of(quotient)), flows_(quotient.streams.size()) {
    for (const Activity& activity : dag.activities) waiting_.push_back(activity.predecessors);
    trace_.start.resize(dag.activities.size());
    trace_.finish.resize(dag.activities.size());
  }

  Trace run() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (dag_.activities[i].predecessors == 0) ready_.push_back(static_cast<std::int32_t>(i));
    }
    start_ready();
    share_out();
    while (!events_.empty()) {
      now_ = events_.top().date;
      const Seconds until = now_ * kSame + kInstant;
      while (!events_.empty() && events_.top().date <= until) {
        const Due due = events_.top();
        events_.pop();
        handle(due);
      }
      share_out();
    }
    verdict_.finished = unfinished_ == 0;
    return std::move(trace_);
  }

 private:
  struct Due {
    Seconds date;
    std::int32_t activity;
    std::int32_t version;  ///< of a flow's rate; −1: a timer, or the latency of a flow
    bool operator>(const Due& other) const {
      return date != other.date ? date > other.date : activity > other.activity;
    }
  };
  struct Flow {
    std::int32_t activity = -1;
    std::int32_t version = 0;
    Bytes left;
    Seconds since;
    Bandwidth rate;
  };

  void handle(const Due& due) {
    const Activity& activity = dag_.activities[index(due.activity)];
    if (due.version < 0) {
      activity.kind == Activity::Kind::flow ? start_flow(due.activity) : finish(due.activity);
    } else {
      Flow& flow = flows_[index(activity.stream)];
      if (flow.activity != due.activity || flow.version != due.version) return;  // its rate has changed since
      flow.activity = -1;
      sharing_.stop(activity.stream);
      finish(due.activity);
    }
    start_ready();
  }

  void start_ready() {
    while (!ready_.empty()) {
      std::int32_t id = ready_.back();
      ready_.pop_back();
      Seconds date = trace_.start[index(id)] = now_;
      for (std::int32_t next = dag_.chained[index(id)]; next >= 0; next = dag_.chained[index(id)]) {
        date += dag_.activities[index(id)].seconds;
        trace_.finish[index(id)] = trace_.start[index(next)] = date;
        --unfinished_;
        id = next;
      }
      const Activity& activity = dag_.activities[index(id)];
      date += activity.seconds;
      if (date > now_) {
        events_.push({date, id, -1});
      } else {
        activity.kind == Activity::Kind::flow ? start_flow(id) : finish(id);
      }
    }
  }

  void start_flow(std::int32_t id) {
    const Activity& activity = dag_.activities[index(id)];
    if (!(activity.bytes > Bytes{})) return finish(id);
    Flow& flow = flows_[index(activity.stream)];
    flow.activity = id;
    flow.left = activity.bytes;
    flow.since = now_;
    flow.rate = {};
    sharing_.start(activity.stream);
  }

  void finish(std::int32_t id) {
    trace_.finish[index(id)] = trace_.end = now_;
    --unfinished_;
    for (const std::int32_t next : dag_.successors_of(id)) {
      if (--waiting_[index(next)] == 0) ready_.push_back(next);
    }
  }

  /// New rates, and the check of those that changed.
  void share_out() {
    for (const std::int32_t stream : sharing_.update()) {
      Flow& flow = flows_[index(stream)];
      check_rate(sharing_, rows_, stream, verdict_);
      if (flow.rate == sharing_.rate(stream)) continue;
      flow.left -= flow.rate * (now_ - flow.since);
      flow.since = now_;
      flow.rate = sharing_.rate(stream);
      events_.push({now_ + flow.left / flow.rate, flow.activity, ++flow.version});
    }
  }

  const Dag& dag_;
  const Rows& rows_;
  Verdict& verdict_;
  Sharing sharing_;
  std::vector<Flow> flows_;  // by stream class: at most one at a time
  std::vector<std::int32_t> waiting_, ready_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> events_;
  std::size_t unfinished_ = dag_.activities.size();
  Seconds now_;
  Trace trace_;
};

/// Goes along a course of events that somebody else worked out, and looks whether it is one of the folded step.
class Follower {
 public:
  Follower(const Quotient& quotient, const Dag& dag, const Rows& rows, Verdict& verdict)
      : dag_(dag), rows_(rows), verdict_(verdict), sharing_(sharing_of(quotient)), flows_(quotient.streams.size()) {
    for (const StreamClass& stream : quotient.streams) {
      Bytes& least = unseen_.emplace_back(std::numeric_limits<double>::infinity());
      for (const Crossing& at : stream.links)
        least = std::min(least, quotient.links[index(at.link)].capacity * kUnseen);
    }
  }

  void run() { verdict_.finished = starts_in_time() && timers_last() && flows_arrive(); }

 private:
  struct Turn {
    Seconds date;
    bool starts;
    std::int32_t activity;
    auto operator<=>(const Turn&) const = default;  // what ends at a date makes room for what starts
  };
  struct Flow {
    std::int32_t activity = -1;
    Bytes left;
    Seconds since;
    Bandwidth rate;
  };

  static bool close(Seconds a, Seconds b) { return std::max(a, b) - std::min(a, b) <= kUnseen; }
  bool shares(const Activity& activity) const {
    return activity.kind == Activity::Kind::flow && activity.bytes > unseen_[index(activity.stream)];
  }

  /// Everything starts when the last of what it waits for has ended.
  bool starts_in_time() const {
    std::vector<Seconds> ready(dag_.activities.size());
    for (std::size_t i = 0; i < ready.size(); ++i) {
      for (const std::int32_t next : dag_.successors_of(static_cast<std::int32_t>(i)))
        ready[index(next)] = std::max(ready[index(next)], verdict_.trace.finish[i]);
    }
    return std::ranges::equal(ready, verdict_.trace.start, close);
  }

  /// So do joins, and flows of hardly any bytes.
  bool timers_last() const {
    for (std::size_t i = 0; i < dag_.activities.size(); ++i) {
      const Activity& activity = dag_.activities[i];
      if (!shares(activity) && !close(verdict_.trace.start[i] + activity.seconds, verdict_.trace.finish[i]))
        return false;
    }
    return true;
  }

  /// Between its start and its finish every flow moves its bytes, at the rates that are fair at every date.
  bool flows_arrive() {
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < dag_.activities.size(); ++i) {
      if (!shares(dag_.activities[i])) continue;
      turns.push_back({verdict_.trace.start[i] + dag_.activities[i].seconds, true, static_cast<std::int32_t>(i)});
      turns.push_back({verdict_.trace.finish[i], false, static_cast<std::int32_t>(i)});
    }
    std::ranges::sort(turns);
    for (auto turn = turns.begin(); turn != turns.end();) {
      now_ = turn->date;
      const Seconds until = now_ * kSame + kInstant;
      for (; turn != turns.end() && turn->date <= until; ++turn) {
        if (!(turn->starts ? started(turn->activity) : arrived(turn->activity))) return false;
      }
      share_out();
    }
    return true;
  }

  bool started(std::int32_t id) {
    Flow& flow = flows_[index(dag_.activities[index(id)].stream)];
    if (flow.activity >= 0) return false;
    flow = {id, dag_.activities[index(id)].bytes, now_, {}};
    sharing_.start(dag_.activities[index(id)].stream);
    return true;
  }

  bool arrived(std::int32_t id) {
    Flow& flow = flows_[index(dag_.activities[index(id)].stream)];
    if (flow.activity != id) return false;
    flow.activity = -1;
    sharing_.stop(dag_.activities[index(id)].stream);
    return close(flow.since + flow.left / flow.rate, now_);
  }

  void share_out() {
    for (const std::int32_t stream : sharing_.update()) {
      Flow& flow = flows_[index(stream)];
      check_rate(sharing_, rows_, stream, verdict_);
      flow.left -= flow.rate * (now_ - flow.since);
      flow.since = now_;
      flow.rate = sharing_.rate(stream);
    }
  }

  const Dag& dag_;
  const Rows& rows_;
  Verdict& verdict_;
  Sharing sharing_;
  std::vector<Flow> flows_;    // by stream class
  std::vector<Bytes> unseen_;  // by stream class: what it moves in a time too short to see
  Seconds now_;
};

}  // namespace

Verdict certify(const Template& step, const Quotient& quotient, const Dag& dag, const Rows& rows,
                const Variants& variants) {
  Verdict verdict;
  verdict.trace = Certifier(quotient, dag, rows, verdict).run();
  if (verdict.finished) check_dates(step, quotient, dag, variants, verdict);
  return verdict;
}

Verdict certify_course(const Template& step, const Quotient& quotient, const Dag& dag, const Trace& course) {
  Classes classes{quotient.class_of_rank, quotient.class_of_group, quotient.class_of_stream, {}};
  const Rows rows = rows_of(step, classes.stream, static_cast<std::int32_t>(quotient.streams.size()));
  classes.link = rows.class_of_link;
  Verdict verdict;
  verdict.trace = course;
  Follower(quotient, dag, rows, verdict).run();
  if (verdict.finished) check_dates(step, quotient, dag, variants_of(step, classes), verdict);
  return verdict;
}

}  // namespace traingrid

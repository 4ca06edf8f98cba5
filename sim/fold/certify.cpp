#include "fold/certify.hpp"

#include "fold/sharing.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <queue>

namespace traingrid {
namespace {

/// Dates this close are one, in absolute and in relative terms: far below what a step can resolve, far above rounding.
constexpr Seconds kInstant = 1e-13 * second;
constexpr double kSame = 1 + 1e-13;

class Certifier {
 public:
  Certifier(const Quotient& quotient, const Dag& dag, const Rows& rows)
      : dag_(dag), rows_(rows), flows_(quotient.streams.size()) {
    for (const LinkClass& link : quotient.links) sharing_.add_link(link.capacity);
    for (const StreamClass& stream : quotient.streams) {
      std::vector<Sharing::Crossing> crossings;
      for (const Crossing& at : stream.links) crossings.push_back({at.link, static_cast<double>(at.weight)});
      sharing_.add_flow(std::move(crossings));
    }
    for (const Activity& activity : dag.activities) waiting_.push_back(activity.predecessors);
  }

  Verdict run() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (dag_.activities[i].predecessors == 0) ready_.push_back(static_cast<std::int32_t>(i));
    }
    start_ready();
    share_out();
    while (!events_.empty()) {
      now_ = events_.top().date;
      const Seconds until = now_ * kSame + kInstant;
      while (!events_.empty() && events_.top().date <= until) {
        const Event event = events_.top();
        events_.pop();
        handle(event);
      }
      share_out();
    }
    return std::move(verdict_);
  }

 private:
  struct Event {
    Seconds date;
    std::int32_t activity;
    std::int32_t version;  ///< of a flow's rate; −1: a timer, or the latency of a flow
    bool operator>(const Event& other) const {
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

  void handle(const Event& event) {
    const Activity& activity = dag_.activities[index(event.activity)];
    if (event.version < 0) {
      activity.kind == Activity::Kind::flow ? start_flow(event.activity) : finish(event.activity);
    } else {
      Flow& flow = flows_[index(activity.stream)];
      if (flow.activity != event.activity || flow.version != event.version) return;  // its rate has changed since
      flow.activity = -1;
      sharing_.stop(activity.stream);
      finish(event.activity);
    }
    start_ready();
  }

  void start_ready() {
    while (!ready_.empty()) {
      std::int32_t id = ready_.back();
      ready_.pop_back();
      Seconds date = now_;
      if (dag_.activities[index(id)].kind != Activity::Kind::flow) {
        for (; dag_.chained[index(id)] >= 0; id = dag_.chained[index(id)]) date += dag_.activities[index(id)].seconds;
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
    verdict_.end = now_;
    for (const std::int32_t next : dag_.successors_of(id)) {
      if (--waiting_[index(next)] == 0) ready_.push_back(next);
    }
  }

  /// New rates, and the check of those that changed.
  void share_out() {
    for (const std::int32_t stream : sharing_.update()) {
      Flow& flow = flows_[index(stream)];
      if (!held_back(stream)) verdict_.failed.push_back(stream);
      if (flow.rate == sharing_.rate(stream)) continue;
      flow.left -= flow.rate * (now_ - flow.since);
      flow.since = now_;
      flow.rate = sharing_.rate(stream);
      events_.push({now_ + flow.left / flow.rate, flow.activity, ++flow.version});
    }
  }

  bool held_back(std::int32_t stream) const {
    const auto& sets = rows_.crossed[index(stream)];
    return sets.size() < 2 || std::ranges::all_of(sets, [&](const auto& set) {
             return std::ranges::any_of(set, [&](std::int32_t row) { return sharing_.holds_back(row, stream); });
           });
  }

  const Dag& dag_;
  const Rows& rows_;
  Sharing sharing_;
  std::vector<Flow> flows_;  // by stream class: at most one at a time
  std::vector<std::int32_t> waiting_, ready_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  Seconds now_;
  Verdict verdict_;
};

}  // namespace

Verdict certify(const Quotient& quotient, const Dag& dag, const Rows& rows) {
  return Certifier(quotient, dag, rows).run();
}

}  // namespace traingrid

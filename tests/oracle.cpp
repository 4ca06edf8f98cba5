#include "oracle.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace traingrid {
namespace {

constexpr double kRounding = 1 + 1e-13;  // dates and rates this close are equal

struct Transfer {
  std::int32_t activity, stream;
  Bytes left;
  Bandwidth rate;
};

class Execution {
 public:
  Execution(const Quotient& quotient, const Dag& dag) : quotient_(quotient), dag_(dag) {
    for (const Activity& activity : dag.activities) waiting_.push_back(activity.predecessors);
    trace_.start.resize(dag.activities.size());
    trace_.finish.resize(dag.activities.size());
  }

  Trace run() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (dag_.activities[i].predecessors == 0) begin(static_cast<std::int32_t>(i));
    }
    while (!alarms_.empty() || !live_.empty()) {
      share_links();
      Seconds next{std::numeric_limits<double>::infinity()};
      if (!alarms_.empty()) next = alarms_.begin()->first;
      for (const Transfer& transfer : live_) next = std::min(next, now_ + transfer.left / transfer.rate);
      advance(next);
    }
    return std::move(trace_);
  }

 private:
  void share_links() {
    std::vector<std::int32_t> streams;
    for (const Transfer& transfer : live_) streams.push_back(transfer.stream);
    const std::vector<Bandwidth> rates = fair_rates(quotient_, streams);
    for (std::size_t i = 0; i < rates.size(); ++i) live_[i].rate = rates[i];
  }

  void advance(Seconds next) {
    const auto done = std::ranges::stable_partition(
        live_, [&](const Transfer& transfer) { return now_ + transfer.left / transfer.rate > next * kRounding; });
    const std::vector<Transfer> finished(done.begin(), done.end());
    live_.erase(done.begin(), done.end());
    for (Transfer& transfer : live_) transfer.left -= transfer.rate * (next - now_);
    now_ = next;
    for (const Transfer& transfer : finished) finish(transfer.activity);
    while (!alarms_.empty() && alarms_.begin()->first <= now_) {
      const std::int32_t id = alarms_.begin()->second;
      alarms_.erase(alarms_.begin());
      work(id);
    }
  }

  void begin(std::int32_t id) {
    const Seconds delay = dag_.activities[index(id)].seconds;
    trace_.start[index(id)] = now_;
    if (delay > Seconds{}) {
      alarms_.emplace(now_ + delay, id);
    } else {
      work(id);
    }
  }

  void work(std::int32_t id) {
    const Activity& activity = dag_.activities[index(id)];
    if (activity.kind == Activity::Kind::flow && activity.bytes > Bytes{}) {
      live_.push_back({id, activity.stream, activity.bytes, {}});
    } else {
      finish(id);
    }
  }

  void finish(std::int32_t id) {
    trace_.finish[index(id)] = trace_.end = now_;
    for (const std::int32_t next : dag_.successors_of(id)) {
      if (--waiting_[index(next)] == 0) begin(next);
    }
  }

  const Quotient& quotient_;
  const Dag& dag_;
  std::vector<std::int32_t> waiting_;  // predecessors not yet finished
  std::multimap<Seconds, std::int32_t> alarms_;
  std::vector<Transfer> live_;
  Seconds now_;
  Trace trace_;
};

}  // namespace

/// All rates rise together until a link is full: its flows stay there, the others go on rising.
std::vector<Bandwidth> fair_rates(const Quotient& quotient, const std::vector<std::int32_t>& streams) {
  const Bandwidth endless{std::numeric_limits<double>::infinity()};
  std::vector<Bandwidth> free, rates(streams.size(), endless);
  for (const LinkClass& link : quotient.links) free.push_back(link.capacity);
  const auto links_of = [&](std::size_t flow) -> const auto& { return quotient.streams[index(streams[flow])].links; };
  std::vector<std::size_t> rising(streams.size());
  std::iota(rising.begin(), rising.end(), 0U);
  while (!rising.empty()) {
    std::vector<double> weight(free.size(), 0);
    for (const std::size_t flow : rising) {
      for (const Crossing& at : links_of(flow)) weight[index(at.link)] += at.weight;
    }
    Bandwidth level = endless;
    for (std::size_t link = 0; link < free.size(); ++link) {
      if (weight[link] > 0) level = std::min(level, free[link] / weight[link]);
    }
    if (level == endless) break;  // the others cross no link
    const auto held = std::ranges::partition(rising, [&](std::size_t flow) {
      return std::ranges::none_of(links_of(flow), [&](const Crossing& at) {
        return free[index(at.link)] / weight[index(at.link)] <= level * kRounding;
      });
    });
    for (const std::size_t flow : held) {
      rates[flow] = level;
      for (const Crossing& at : links_of(flow)) free[index(at.link)] -= at.weight * level;
    }
    rising.erase(held.begin(), held.end());
  }
  return rates;
}

Trace progressive_filling(const Quotient& quotient, const Dag& dag) { return Execution(quotient, dag).run(); }

}  // namespace traingrid

#include "fold/date_check.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace traingrid {
namespace {

/// Dates this close are one, in absolute and in relative terms: far below what a step can resolve, far above rounding.
constexpr Seconds kInstant = 1e-13 * second;
constexpr double kSameDate = 1 + 1e-11;  // of dates worked out along different ways

/// Holds what every variant waits for against what the representative does.
class DateCheck {
 public:
  DateCheck(const Template& step, const Quotient& quotient, const Dag& dag, const Variants& variants,
            const Trace& trace)
      : program_(*step.program), quotient_(quotient), dag_(dag), variants_(variants), trace_(trace) {}

  void run(Verdict& verdict) {
    check(variants_.ranks, verdict.ranks,
          [&](std::int32_t, const Key& a, const Key& b) { return same_for_ranks(a, b); });
    check(variants_.groups, verdict.groups, [&](std::int32_t id, const Key& a, const Key& b) {
      return same_members(id, a, b) && same_streams(id, a, b);
    });
    check(variants_.streams, verdict.messages,
          [&](std::int32_t id, const Key& a, const Key& b) { return same_senders(id, a.front(), b.front()); });
  }

 private:
  using Key = std::vector<std::int32_t>;

  /// Variants in the order in which they appear, each with the first that is the same for it.
  template <class Same>
  void check(const std::vector<Variants::Keys>& by_class, Verdict::Parts& failed, Same same_dates) {
    for (std::size_t id = 0; id < by_class.size(); ++id) {
      const Variants::Keys& keys = by_class[id];
      std::vector<std::size_t> heads{0};
      std::vector<std::int32_t> parts{0};
      for (std::size_t variant = 1; variant < keys.size(); ++variant) {
        const auto head = std::ranges::find_if(heads, [&](std::size_t first) {
          return same_dates(static_cast<std::int32_t>(id), keys[first], keys[variant]);
        });
        parts.push_back(static_cast<std::int32_t>(head - heads.begin()));
        if (head == heads.end()) heads.push_back(variant);
      }
      if (heads.size() > 1) failed.emplace(static_cast<std::int32_t>(id), std::move(parts));
    }
  }

  /// Collectives begin and end, and messages set off and arrive, at the same dates.
  bool same_for_ranks(const Key& a, const Key& b) const {
    const std::size_t groups = variants_.group_slots.size();
    for (std::size_t slot = 0; slot < a.size(); ++slot) {
      if (a[slot] == b[slot]) continue;
      if (a[slot] < 0 || b[slot] < 0) return false;
      if (!(slot < groups ? same_encounters(a[slot], b[slot]) : same_messages(a[slot], b[slot]))) return false;
    }
    return true;
  }

  bool same_encounters(std::int32_t a, std::int32_t b) const {
    return std::ranges::equal(dag_.encounters[index(a)], dag_.encounters[index(b)],
                              [&](const Encounter& of_a, const Encounter& of_b) {
                                return same_date(trace_.at(of_a.start), trace_.at(of_b.start)) &&
                                       same_date(trace_.at(of_a.done), trace_.at(of_b.done));
                              });
  }

  bool same_messages(std::int32_t a, std::int32_t b) const {
    return std::ranges::equal(dag_.messages[index(a)], dag_.messages[index(b)],
                              [&](const auto& of_a, const auto& of_b) {
                                return of_a.first == of_b.first &&
                                       same_date(trace_.start[index(of_a.second)], trace_.start[index(of_b.second)]) &&
                                       same_date(trace_.finish[index(of_a.second)], trace_.finish[index(of_b.second)]);
                              });
  }

  /// The last member of a group comes to each collective at the same date, if not before the one before it is done.
  bool same_members(std::int32_t group, const Key& a, const Key& b) {
    const auto end_of_a = std::ranges::find(a, -1), end_of_b = std::ranges::find(b, -1);
    if (std::equal(a.begin(), end_of_a, b.begin(), end_of_b)) return true;
    const std::int32_t communicator = quotient_.groups[index(group)].communicator;
    const auto latest = [&](auto first, auto end, std::size_t n) {
      Seconds date = n == 0 ? Seconds{} : trace_.at(dag_.encounters[index(group)][n - 1].done);
      for (; first != end; ++first) date = std::max(date, coming(*first, communicator)[n]);
      return date;
    };
    for (std::size_t n = 0; n < dag_.encounters[index(group)].size(); ++n) {
      if (!same_date(latest(a.begin(), end_of_a, n), latest(b.begin(), end_of_b, n))) return false;
    }
    return true;
  }

  /// The last flow of every part of every collective ends at the same date.
  bool same_streams(std::int32_t group, const Key& a, const Key& b) const {
    for (const Encounter& encounter : dag_.encounters[index(group)]) {
      for (const Encounter::Part& part : encounter.parts) {
        if (part.first_flow >= 0 && !same_date(last_flow(group, part, a), last_flow(group, part, b))) return false;
      }
    }
    return true;
  }

  Seconds last_flow(std::int32_t group, const Encounter::Part& part, const Key& key) const {
    const auto& streams = quotient_.groups[index(group)].streams[index(part.set)];
    auto at = key.begin();
    for (std::int32_t set = 0; set <= part.set; ++set) at = std::next(std::find(at, key.end(), -1));
    Seconds last;
    for (; at != key.end() && *at >= 0; ++at) {
      const auto place = std::ranges::lower_bound(streams, *at) - streams.begin();
      last = std::max(last, trace_.finish[index(part.first_flow) + static_cast<std::size_t>(place)]);
    }
    return last;
  }

  /// Messages set off at the same dates, if not before the one before them has arrived.
  bool same_senders(std::int32_t stream, std::int32_t a, std::int32_t b) {
    const auto &of_a = sending(a, stream), &of_b = sending(b, stream);
    if (of_a.size() != of_b.size()) return false;
    Seconds before;
    for (std::size_t i = 0; i < of_a.size(); ++i) {
      if (of_a[i].first != of_b[i].first) return false;
      if (!same_date(std::max(before, of_a[i].second), std::max(before, of_b[i].second))) return false;
      before = arrival(stream, of_a[i].first);
    }
    return true;
  }

  Seconds arrival(std::int32_t stream, std::int64_t key) const {
    const auto& messages = dag_.messages[index(stream)];
    const auto found = std::ranges::lower_bound(messages, key, {}, &std::pair<std::int64_t, std::int32_t>::first);
    return trace_.finish[index(found->second)];
  }

  /// When a rank class comes to the collectives of a communicator.
  const std::vector<Seconds>& coming(std::int32_t rank, std::int32_t communicator) {
    const auto [entry, fresh] = coming_.try_emplace({rank, communicator});
    if (fresh) {
      for_operations(rank, [&](const Operation& op, const Event&, Seconds date) {
        if (op.kind == Operation::Kind::collective && op.communicator == communicator) entry->second.push_back(date);
      });
    }
    return entry->second;
  }

  using Sends = std::vector<std::pair<std::int64_t, Seconds>>;  // micro-batch and tag, date
  const Sends& sending(std::int32_t rank, std::int32_t stream) {
    const auto [communicator, direction] = quotient_.streams[index(stream)].way;
    const auto [entry, fresh] = sending_.try_emplace({rank, communicator, direction});
    if (fresh) {
      for_operations(rank, [&](const Operation& op, const Event& event, Seconds date) {
        if (op.kind != Operation::Kind::send || op.communicator != communicator || op.direction != direction) return;
        const auto key = static_cast<std::int64_t>(event.micro_batch) * program_.tags + op.tag;
        entry->second.emplace_back(key, date);
      });
    }
    return entry->second;
  }

  template <class Visit>
  void for_operations(std::int32_t rank, Visit visit) const {
    Seconds date;
    for (const Event& event : dag_.events[index(rank)]) {
      visit(program_.blocks[index(event.block)].operations[index(event.operation)], event, date);
      date = trace_.end_of(event);
    }
  }

  const Program& program_;
  const Quotient& quotient_;
  const Dag& dag_;
  const Variants& variants_;
  const Trace& trace_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<Seconds>> coming_;
  std::map<std::array<std::int32_t, 3>, Sends> sending_;
};

}  // namespace

bool same_date(Seconds a, Seconds b) { return std::max(a, b) <= std::min(a, b) * kSameDate + kInstant; }

void check_dates(const Template& step, const Quotient& quotient, const Dag& dag, const Variants& variants,
                 Verdict& verdict) {
  DateCheck(step, quotient, dag, variants, verdict.trace).run(verdict);
}

}  // namespace traingrid

// What the ranks of an evaluated step did when, for comparisons of one folding with another.
#pragma once

#include "catch.hpp"
#include "engine/evaluate.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace traingrid {

/// The activity of a message that a rank sends: along its own stream, which others of its class need not share.
inline std::int32_t message_of(const Evaluation& evaluation, std::size_t rank, const Operation& op,
                               std::int32_t micro_batch) {
  const auto& streams = evaluation.step.streams;
  const auto own = std::ranges::find_if(streams, [&](const Stream& stream) {
    return stream.group < 0 && stream.from == static_cast<std::int32_t>(rank) &&
           stream.communicator == op.communicator && stream.direction == op.direction;
  });
  REQUIRE(own != streams.end());
  const auto number = static_cast<std::size_t>(own - streams.begin());
  const auto& messages = evaluation.dag.messages[index(evaluation.quotient.class_of_stream[number])];
  const auto key = static_cast<std::int64_t>(micro_batch) * evaluation.step.program->tags + op.tag;
  const auto found = std::ranges::lower_bound(messages, std::pair{key, std::int32_t{-1}});
  REQUIRE((found != messages.end() && found->first == key));
  return found->second;
}

/// By operation: its end; of transfers also when the last of those that take part was there, and when it was over.
inline std::vector<Seconds> dates_of(const Evaluation& evaluation, std::size_t rank) {
  const Trace& trace = evaluation.trace;
  std::vector<Seconds> dates;
  Seconds before;
  for (const Event& event : evaluation.dag.events[index(evaluation.quotient.class_of_rank[rank])]) {
    const Seconds end = trace.end_of(event);
    dates.push_back(end);
    const Operation& op = evaluation.step.program->blocks[index(event.block)].operations[index(event.operation)];
    if (op.kind == Operation::Kind::send) {
      const auto message = index(message_of(evaluation, rank, op, event.micro_batch));
      dates.push_back(trace.start[message]);
      dates.push_back(trace.finish[message]);
    } else if (op.kind != Operation::Kind::compute && op.kind != Operation::Kind::wait) {
      // one without an activity of its own began at once, and ended with the operation
      dates.push_back(event.transfer < 0 ? before : trace.start[index(event.transfer)]);
      dates.push_back(event.delivery < 0 ? end : trace.finish[index(event.delivery)]);
    }
    before = end;
  }
  return dates;
}

inline double difference(Seconds a, Seconds b) { return a == b ? 0 : std::abs((a - b) / std::max(a, b)); }

/// Over all dates of all ranks, relative to the later of both.
inline double worst_difference(const Evaluation& a, const Evaluation& b) {
  double worst = difference(a.trace.end, b.trace.end);
  for (std::size_t rank = 0; rank < a.step.ranks.size(); ++rank) {
    const auto of_a = dates_of(a, rank), of_b = dates_of(b, rank);
    REQUIRE(of_a.size() == of_b.size());
    REQUIRE(std::ranges::max(of_a) > Seconds{});
    for (std::size_t i = 0; i < of_a.size(); ++i) worst = std::max(worst, difference(of_a[i], of_b[i]));
  }
  return worst;
}

/// Over all activities, relative to the later date.
inline double worst_difference(const Trace& a, const Trace& b) {
  REQUIRE(a.finish.size() == b.finish.size());
  double worst = difference(a.end, b.end);
  for (std::size_t i = 0; i < a.finish.size(); ++i) {
    worst = std::max({worst, difference(a.start[i], b.start[i]), difference(a.finish[i], b.finish[i])});
  }
  return worst;
}

}  // namespace traingrid

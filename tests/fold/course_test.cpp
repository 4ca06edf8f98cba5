// Courses of events that somebody else worked out: which of them are the model's, and how far two of them may lie
// apart.
#include "engine/evaluate.hpp"
#include "engine/simulator.hpp"
#include "fold/certify.hpp"
#include "oracle.hpp"

#include "catch.hpp"

#include <cmath>

using namespace traingrid;

namespace {

constexpr int kCrowd = 6;
constexpr double kPeriod = 16.1;

/// Eight flows on one link, again and again. In every stage a first flow has the link to itself until a second joins it
/// after a second, and a crowd after another; the second flow of the next stage follows the end of the first. If it
/// comes late by d, the first is the faster by half the link for so long, and done 4 d earlier at its eighth of it.
struct Unsteady {
  Quotient quotient;
  Dag dag;

  explicit Unsteady(int stages, Seconds late = {}) {
    quotient.links = {{.capacity = kCapacity}};
    quotient.streams.assign(2 + kCrowd, {.links = {{.link = 0, .weight = 1}}});
    std::int32_t follows = timer(kPeriod * second + late);
    for (int stage = 1; stage <= stages; ++stage) {
      const Seconds begin = stage * kPeriod * second;
      const std::int32_t first = flow(timer(begin), 0, 1.625);
      flow(delayed(follows, 1), 1, 2);
      for (int i = 0; i < kCrowd; ++i) flow(timer(begin + 2 * second), 2 + i, 1);
      follows = delayed(first, kPeriod - 3);
      last = first;
    }
    link(dag, edges_);
  }
  std::int32_t last = -1;  ///< the first flow of the last stage

 private:
  static constexpr Bandwidth kCapacity = 1e9 / 3.0 * byte / second;

  std::int32_t add(const Activity& activity, std::int32_t after) {
    const auto id = static_cast<std::int32_t>(dag.activities.size());
    dag.activities.push_back(activity);
    if (after >= 0) edges_.emplace_back(after, id);
    return id;
  }
  std::int32_t timer(Seconds date) { return add({.kind = Activity::Kind::timer, .seconds = date}, -1); }
  std::int32_t delayed(std::int32_t after, double seconds) {
    return add({.kind = Activity::Kind::timer, .seconds = seconds * second}, after);
  }
  std::int32_t flow(std::int32_t after, std::int32_t stream, double seconds_alone) {
    return add({.kind = Activity::Kind::flow, .stream = stream, .bytes = seconds_alone * second * kCapacity}, after);
  }

  std::vector<std::pair<std::int32_t, std::int32_t>> edges_;
};

Trace computed(const Unsteady& step) {
  Rows rows;
  rows.crossed.resize(step.quotient.streams.size());
  return certify({}, step.quotient, step.dag, rows, {}).trace;
}

bool is_course(const Unsteady& step, const Trace& trace) {
  return certify_course({}, step.quotient, step.dag, trace).finished;
}

}  // namespace

TEST_CASE(
    "what comes a picosecond late moves the end by milliseconds where every stage makes four times as much of it") {
  constexpr int kStages = 16;
  const Unsteady step(kStages), late(kStages, 1e-12 * second);
  const Trace trace = computed(step), later = computed(late);
  const auto last = static_cast<std::size_t>(step.last);
  CHECK(trace.finish[last] / second == Approx(kStages * kPeriod + 3).epsilon(1e-3));
  const double moved = (later.finish[last] - trace.finish[last]) / second;
  CHECK(std::abs(moved) == Approx(1e-12 * std::pow(4, kStages)).epsilon(0.1));
}

TEST_CASE("two solvers part where differences of rounding grow, and the course of either is the model's") {
  const Unsteady step(22);
  const Trace by_certifier = computed(step), by_simgrid = simulate(step.quotient, step.dag);
  CHECK_FALSE(agree(by_certifier, by_simgrid));
  CHECK(is_course(step, by_certifier));
  CHECK(is_course(step, by_simgrid));
  CHECK(is_course(step, progressive_filling(step.quotient, step.dag)));
}

TEST_CASE("a course in which anything comes at another date than it should is found out") {
  const Unsteady step(4);
  const Trace trace = computed(step);
  for (const Seconds shift : {1e-6 * second, -1e-6 * second}) {
    for (std::size_t i = 0; i < trace.finish.size(); ++i) {
      Trace wrong = trace;
      wrong.finish[i] += shift;
      CAPTURE(i, shift / second);
      CHECK_FALSE(is_course(step, wrong));
      wrong = trace;
      wrong.start[i] += shift;
      CHECK_FALSE(is_course(step, wrong));
    }
  }
}

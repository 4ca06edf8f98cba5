// SimGrid as we drive it: weights, fractions of bytes, nothing at all; and the same dates as a solver of our own.
#include "engine/simulator.hpp"

#include "catch.hpp"
#include "fold/steps.hpp"
#include "oracle.hpp"

#include <cmath>

using namespace traingrid;

namespace {

struct TestFlow {
  double bytes;
  std::vector<Hop> links;
  double latency = 0;
};

/// Flows that start at once, each on a stream of its own.
Trace run(const std::vector<double>& capacities, const std::vector<TestFlow>& flows) {
  Quotient quotient;
  Dag dag;
  for (const double capacity : capacities) quotient.links.push_back({capacity * byte / second, 1, 0});
  for (const TestFlow& flow : flows) {
    dag.activities.push_back({Activity::Kind::flow, static_cast<std::int32_t>(quotient.streams.size()),
                              flow.latency * second, flow.bytes * byte});
    quotient.streams.push_back({.multiplicity = 1, .links = flow.links});
  }
  dag.first_successor.assign(flows.size() + 1, 0);
  return simulate(quotient, dag);
}

double worst_difference(const Trace& a, const Trace& b) {
  double worst = std::abs(a.end / b.end - 1);
  for (std::size_t i = 0; i < a.finish.size(); ++i) {
    for (const auto dates : {&Trace::start, &Trace::finish}) {
      const Seconds of_a = (a.*dates)[i], of_b = (b.*dates)[i];
      if (of_a != of_b) worst = std::max(worst, std::abs((of_a - of_b) / std::max(of_a, of_b)));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("a flow listed three times on a link weighs three") {
  const Trace trace = run({1e9}, {{1e9, {{0, 3}}}, {1e9, {{0, 1}}}});
  CHECK(trace.finish[0] / second == Approx(4).epsilon(1e-9));
  CHECK(trace.finish[1] / second == Approx(4).epsilon(1e-9));
  CHECK(run({1e9}, {{1e9, {{0, 3}}}}).end / second == Approx(3).epsilon(1e-9));
}

TEST_CASE("rates are max-min fair: what one flow cannot use goes to the other, and all of it once it has gone") {
  const Trace trace = run({10e9, 2e9}, {{8e9, {{0}}}, {2e9, {{0}, {1}}}, {16e9, {{0}}}});  // 4, 2 and 4 GB/s
  CHECK(trace.finish[1] / second == Approx(1).epsilon(1e-9));
  CHECK(trace.finish[0] / second == Approx(1 + 4.0 / 5).epsilon(1e-9));
  CHECK(trace.finish[2] / second == Approx(1.8 + 8.0 / 10).epsilon(1e-9));
}

TEST_CASE("fractions of a byte travel") {
  CHECK(run({1}, {{2.5, {{0}}}}).end / second == Approx(2.5).epsilon(1e-6));
  CHECK(run({1}, {{0.25, {{0}}}}).end / second == Approx(0.25).epsilon(1e-6));
  CHECK(run({1e9}, {{1e9 + 0.5, {{0}}}}).end / second == Approx(1 + 0.5e-9).epsilon(1e-12));
}

TEST_CASE("a message of no bytes arrives after its latency") {
  const Trace trace = run({1e9}, {{0, {{0}}, 0.25}, {0, {{0}}}});
  CHECK(trace.finish[0] / second == Approx(0.25).epsilon(1e-12));
  CHECK(trace.finish[1] == Seconds{});
}

TEST_CASE("latency is not shared: the bytes start when it has passed") {
  const Trace trace =
      run({1e9}, {{1e9, {{0}}, 0.5}, {1e9, {{0}}}});  // alone for half a second, then half the link each
  CHECK(trace.finish[1] / second == Approx(1.5).epsilon(1e-9));
  CHECK(trace.finish[0] / second == Approx(2).epsilon(1e-9));
  CHECK(trace.start[0] == Seconds{});
}

TEST_CASE("nothing to do takes no time") { CHECK(simulate({}, {.first_successor = {0}}).end == Seconds{}); }

TEST_CASE("the same input gives the same bits") {
  const PlacedStep step(step_cases()[2], {"leaf-spine", 2}, Condition::random_placement);
  const Evaluation once = step.evaluate(Folding::none), again = step.evaluate(Folding::none);
  CHECK(once.trace.start == again.trace.start);
  CHECK(once.trace.finish == again.trace.finish);
}

TEST_CASE("SimGrid and progressive filling agree on every date of unfolded steps") {
  const Condition conditions[]{Condition::healthy, Condition::slow_nic, Condition::slow_accelerator,
                               Condition::random_placement, Condition::half_filled_leaf};
  std::size_t turn = 0;
  for (const StepCase& c : step_cases()) {
    for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
      const Condition condition = conditions[turn++ % std::size(conditions)];
      const Evaluation evaluation = PlacedStep(c, {topology, 2}, condition).evaluate(Folding::none);
      CAPTURE(c.name, topology, static_cast<int>(condition));
      CHECK(worst_difference(evaluation.trace, progressive_filling(evaluation.quotient, evaluation.dag)) < 1e-9);
    }
  }
}

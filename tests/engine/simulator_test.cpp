// SimGrid as we drive it: weights, fractions of bytes, nothing at all; and the same dates as a solver of our own.
#include "engine/simulator.hpp"

#include "fold/dates.hpp"
#include "fold/fabrics.hpp"
#include "fold/steps.hpp"
#include "oracle.hpp"

using namespace traingrid;

namespace {

struct TestFlow {
  double bytes;
  std::vector<Crossing> links;
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
  dag.chained.assign(flows.size(), -1);
  return simulate(quotient, dag);
}

/// A gigabyte from every accelerator to another, all at once.
struct Traffic {
  Traffic(const Fabric& fabric, const std::vector<Device>& to) {
    std::vector<std::vector<Hop>> paths;
    std::vector<std::int32_t> parts(index(fabric.links()), 1);
    for (Device from = 0; from < fabric.devices(); ++from) {
      if (to[index(from)] != from) fabric.path(from, to[index(from)], paths.emplace_back());
    }
    for (const auto& path : paths) {
      for (const Hop& hop : path) parts[index(hop.link)] = std::lcm(parts[index(hop.link)], std::int32_t{hop.parts});
    }
    for (LinkId link = 0; link < fabric.links(); ++link)
      quotient.links.push_back({.capacity = fabric.capacity(link) * parts[index(link)]});
    for (const auto& path : paths) {
      StreamClass& stream = quotient.streams.emplace_back();
      for (const Hop& hop : path) stream.links.push_back({hop.link, hop.weight * (parts[index(hop.link)] / hop.parts)});
      const auto id = static_cast<std::int32_t>(dag.activities.size());
      dag.activities.push_back({.kind = Activity::Kind::flow, .stream = id, .bytes = Bytes{1e9}});
    }
    link(dag, {});
  }
  Quotient quotient;
  Dag dag;
};

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

TEST_CASE("timers that nobody waits for in between are one wait, and each keeps its dates") {
  Dag dag;
  for (const double seconds : {0.25, 0.5, 0.0, 1.0}) {
    dag.activities.push_back({.kind = Activity::Kind::timer, .seconds = seconds * second});
    dag.activities.back().predecessors = dag.activities.size() > 1 ? 1 : 0;
  }
  dag.successors = {1, 2, 3};
  dag.first_successor = {0, 1, 2, 3, 3};
  dag.chained = {1, 2, 3, -1};
  const Trace chained = simulate({}, dag);
  CHECK(chained.finish == std::vector<Seconds>{{0.25}, {0.75}, {0.75}, {1.75}});
  CHECK(chained.start == std::vector<Seconds>{{0.0}, {0.25}, {0.75}, {0.75}});
  CHECK(worst_difference(chained, progressive_filling({}, dag)) == 0);
  dag.chained.assign(4, -1);
  CHECK(worst_difference(chained, simulate({}, dag)) < 1e-12);
}

TEST_CASE("the same input gives the same bits") {
  const PlacedStep step(step_cases()[2], {"leaf-spine", 2}, Condition::random_placement);
  const Evaluation once = step.evaluate(Folding::none), again = step.evaluate(Folding::none);
  CHECK(once.trace.start == again.trace.start);
  CHECK(once.trace.finish == again.trace.finish);
}

TEST_CASE("SimGrid and progressive filling agree on every date, however the step is folded") {
  const Condition conditions[]{Condition::healthy, Condition::slow_nic, Condition::slow_accelerator,
                               Condition::random_placement, Condition::half_filled_leaf};
  std::size_t turn = 0;
  for (const StepCase& c : step_cases()) {
    for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
      const Condition condition = conditions[turn++ % std::size(conditions)];
      const PlacedStep step(c, {topology, 2}, condition);
      for (const Folding folding : {Folding::none, Folding::certified, Folding::equitable}) {
        const Evaluation evaluation = step.evaluate(folding);
        CAPTURE(c.name, topology, static_cast<int>(condition), static_cast<int>(folding));
        CHECK(worst_difference(evaluation.trace, progressive_filling(evaluation.quotient, evaluation.dag)) < 1e-9);
      }
    }
  }
}

TEST_CASE("a random permutation on any fabric takes as long on SimGrid as by progressive filling") {
  for (const auto& [name, cluster] : every_fabric()) {
    INFO(name);
    const auto fabric = build_fabric(cluster);
    std::vector<Device> to(index(fabric->devices()));
    std::iota(to.begin(), to.end(), 0);
    std::ranges::shuffle(to, std::mt19937(13));
    const Traffic traffic(*fabric, to);
    const Trace trace = simulate(traffic.quotient, traffic.dag);
    CHECK(std::ranges::all_of(trace.finish, [](Seconds date) { return date > Seconds{}; }));
    CHECK(worst_difference(trace, progressive_filling(traffic.quotient, traffic.dag)) < 1e-9);
  }
}

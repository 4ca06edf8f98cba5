// Which links cannot bind: trunks of a Clos that carries all its NICs offer, and never both of two that imply each
// other.
#include "engine/simulator.hpp"
#include "fold/dates.hpp"
#include "fold/hand_made.hpp"
#include "fold/steps.hpp"
#include "oracle.hpp"

#include <random>

using namespace traingrid;

namespace {

std::vector<bool> dropped_of(const std::vector<double>& capacities, const std::vector<std::vector<Hop>>& paths) {
  Template step = Pairs(capacities, paths).step();
  drop_redundant_links(step);
  return step.dropped;
}

/// How many links of a level that are crossed at all were dropped, and how many were not.
struct Count {
  int dropped = 0, kept = 0;
};
Count count(const PlacedStep& placed, const Template& step, const std::string& level) {
  std::vector<bool> crossed(step.links.size(), false);
  for (const Hop& hop : step.hops) crossed[index(hop.link)] = true;
  const auto found = std::ranges::find(placed.fabric->levels(), level, &LinkLevel::name);
  Count count;
  for (std::size_t link = 0; link < step.links.size(); ++link) {
    const bool of_level = &placed.fabric->level_of(step.links[link].link) == &*found;
    if (of_level && crossed[link]) ++(step.dropped[link] ? count.dropped : count.kept);
  }
  return count;
}

/// Every stream and link a class of its own.
Quotient streams_alone(const std::vector<double>& capacities, const std::vector<std::vector<Hop>>& paths) {
  Quotient quotient;
  for (const double capacity : capacities) quotient.links.push_back({capacity * byte / second, 1, 0});
  for (const auto& path : paths) {
    quotient.streams.push_back({.multiplicity = 1});
    for (const Hop& hop : path) quotient.streams.back().links.push_back({hop.link, hop.weight});
  }
  return quotient;
}

Template template_of(const PlacedStep& placed) {
  return build_template(*placed.fabric, placed.tuning, placed.overrides, {&placed.program, placed.device_of_rank},
                        Isolation::none);
}

}  // namespace

TEST_CASE("a trunk as wide as the NICs below it is dropped, a narrower one is not") {
  const std::vector<std::vector<Hop>> paths{{{0}, {2}}, {{1}, {2}}};  // two NICs, one trunk
  CHECK(dropped_of({10, 10, 20}, paths) == std::vector<bool>{false, false, true});
  CHECK(dropped_of({10, 10, 19}, paths) == std::vector<bool>{false, false, false});
}

TEST_CASE("a trunk that one path reaches without a NIC is kept") {
  CHECK(dropped_of({10, 10, 20}, {{{0}, {2}}, {{1}, {2}}, {{2}}}) == std::vector<bool>{false, false, false});
}

TEST_CASE("of two equal links on a path the one that is crossed more often is kept") {
  CHECK(dropped_of({10, 10}, {{{0, 1}, {1, 2}}}) == std::vector<bool>{true, false});
  CHECK(dropped_of({10, 10}, {{{0, 2}, {1, 1}}}) == std::vector<bool>{false, true});
  CHECK(dropped_of({10, 10}, {{{0, 1}, {1, 2}}, {{0, 2}, {1, 1}}}) == std::vector<bool>{false, false});
}

TEST_CASE("a link of which flows take a share is implied by one of which they take as much, not by one of less") {
  CHECK(dropped_of({10, 10}, {{{0, 2, 4}, {1, 1, 2}}}) == std::vector<bool>{false, true});
  CHECK(dropped_of({10, 10}, {{{0, 1, 4}, {1, 1, 2}}}) == std::vector<bool>{true, false});
  CHECK(dropped_of({10, 10}, {{{0, 1, 2}, {1, 2, 3}}, {{0, 2, 3}, {1, 1, 2}}}) == std::vector<bool>{false, false});
}

TEST_CASE("of two links that imply each other one is kept") {
  CHECK(dropped_of({10, 10}, {{{0}, {1}}}) == std::vector<bool>{false, true});
  CHECK(dropped_of({10, 10, 10}, {{{0}, {1}, {2}}}) == std::vector<bool>{false, true, false});
}

TEST_CASE("a link that stands in for a dropped one is kept") {
  CHECK(dropped_of({10, 10, 10}, {{{2}, {1}, {0}}}) == std::vector<bool>{true, false, true});
}

TEST_CASE("links after a trunk imply it too, as NICs do where traffic comes down") {
  CHECK(dropped_of({20, 10, 10}, {{{0}, {1}}, {{0}, {2}}}) == std::vector<bool>{true, false, false});
}

TEST_CASE("all trunks of a 1:1 Clos are dropped and every NIC that sends is kept") {
  for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
    for (const StepCase& c : step_cases()) {
      const PlacedStep placed(c, {topology, 1});
      Template step = template_of(placed);
      drop_redundant_links(step);
      CAPTURE(topology, c.name);
      CHECK(count(placed, step, "leaf uplink").kept == 0);
      CHECK(count(placed, step, "leaf downlink").kept == 0);
      CHECK(count(placed, step, "nic out").dropped == 0);
    }
  }
}

TEST_CASE("no trunk of a 2:1 Clos is dropped if all NICs below it send upwards") {
  const StepCase every_nic{.name = "pipeline over leaves", .pipeline = 4, .data = 4, .accelerators = 1, .nics = 1};
  for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
    const PlacedStep placed(every_nic, {topology, 2});
    Template step = template_of(placed);
    drop_redundant_links(step);
    CAPTURE(topology);
    CHECK(count(placed, step, "leaf uplink").kept == 4);
    CHECK(count(placed, step, "leaf uplink").dropped == 0);
    CHECK(count(placed, step, "leaf downlink").kept == 4);
    CHECK(count(placed, step, "leaf downlink").dropped == 0);
  }
}

TEST_CASE("a leaf with a single node keeps the NIC or the trunk of every path") {
  for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
    for (const StepCase& c : step_cases()) {
      const PlacedStep placed(c, {topology, 1, 1});
      Template step = template_of(placed);
      drop_redundant_links(step);
      CAPTURE(topology, c.name);
      for (const Stream& stream : step.streams) {
        int up = 0, down = 0;
        for (const Hop& hop : step.path(stream)) {
          const std::string& level = placed.fabric->level_of(step.links[index(hop.link)].link).name;
          if (level == "nic out" || level == "leaf uplink") up += step.dropped[index(hop.link)] ? 0 : 1;
          if (level == "nic in" || level == "leaf downlink") down += step.dropped[index(hop.link)] ? 0 : 1;
        }
        const bool leaves_node = placed.fabric->node_of(step.ranks[index(stream.from)].device) !=
                                 placed.fabric->node_of(step.ranks[index(stream.to)].device);
        REQUIRE(up >= (leaves_node ? 1 : 0));
        REQUIRE(down >= (leaves_node ? 1 : 0));
      }
    }
  }
}

TEST_CASE("dropping links that cannot bind changes no date of a step") {
  const StepCase cases[]{step_cases()[2], step_cases()[5], step_cases()[7]};
  for (const StepCase& c : cases) {
    for (const std::string topology : {"rail-optimised", "leaf-spine"}) {
      for (const int nodes_per_leaf : {1, 4}) {
        const PlacedStep placed(c, {topology, 1, nodes_per_leaf}, Condition::slow_nic);
        const Evaluation whole = placed.evaluate(Folding::none);
        Template step = template_of(placed);
        drop_redundant_links(step);
        CAPTURE(c.name, topology, nodes_per_leaf);
        CHECK(std::ranges::find(step.dropped, true) != step.dropped.end());
        const Folded reduced = fold(step, placed.work_time(), Folding::none);
        CHECK(worst_difference(simulate(reduced.quotient, reduced.dag), whole.trace) < 1e-12);
      }
    }
  }
}

TEST_CASE("dropping links that cannot bind changes no date of random flows") {
  std::mt19937 random(1968);
  const auto any = [&](int below) { return static_cast<std::int32_t>(random() % static_cast<unsigned>(below)); };
  std::size_t dropped = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> capacities;
    for (int link = 0; link < 12; ++link) capacities.push_back(link < 4 || link > 7 ? 10 : 10 + 10 * any(4));
    std::vector<std::vector<Hop>> paths;
    for (int stream = 0; stream < 10; ++stream) {
      const auto weight = [&] { return static_cast<std::uint16_t>(1 + any(2)); };
      paths.push_back({{any(4), weight()}, {4 + any(2), weight()}});
      if (any(4) > 0) paths.back().insert(paths.back().end(), {{6 + any(2), 1}, {8 + any(4), weight()}});
    }
    const Quotient quotient = streams_alone(capacities, paths);
    Quotient reduced = quotient;
    const std::vector<bool> gone = dropped_of(capacities, paths);
    for (StreamClass& stream : reduced.streams) {
      std::erase_if(stream.links, [&](const Crossing& at) { return gone[index(at.link)]; });
    }
    dropped += static_cast<std::size_t>(std::ranges::count(gone, true));
    Dag dag;
    for (std::int32_t stream = 0; stream < 10; ++stream) {
      dag.activities.push_back({Activity::Kind::flow, stream, {}, (100 + any(900)) * byte});
    }
    dag.first_successor.assign(dag.activities.size() + 1, 0);
    dag.chained.assign(dag.activities.size(), -1);
    CAPTURE(trial);
    REQUIRE(worst_difference(progressive_filling(reduced, dag), progressive_filling(quotient, dag)) < 1e-12);
  }
  CHECK(dropped > 300);
}

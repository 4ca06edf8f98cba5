#include "workload/placement.hpp"

#include "catch.hpp"
#include "toy.hpp"

#include <algorithm>
#include <set>

using namespace traingrid;

namespace {

/// Placed on `nodes` nodes of 4.
std::vector<Device> placed(const Placement& placement, const Parallelism& parallelism, int nodes = 4) {
  Run run = toy_run({.parallelism = parallelism});
  run.placement = placement;
  const Cluster cluster = toy_cluster({.nodes = nodes});
  return place(placement, toy_layout(run, cluster), cluster);
}

std::string obstacle(const Placement& placement, const Parallelism& parallelism, int nodes = 4) {
  Run run = toy_run({.parallelism = parallelism});
  run.placement = placement;
  return resolve_layout(run, toy_cluster({.nodes = nodes})).reason;
}

}  // namespace

TEST_CASE("contiguous ranks fill one node after the other") {
  CHECK(placed({}, {.tensor = 2, .data = 3}) == std::vector<Device>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("accelerators of a node that are not used stay spares, and data parallelism follows from the others") {
  const Placement placement{.accelerators_per_node = 3};
  CHECK(placed(placement, {.data = 5}) == std::vector<Device>{0, 1, 2, 4, 5});
  CHECK(placed(placement, {}).size() == 12);
  CHECK(obstacle({.accelerators_per_node = 5}, {.data = 2}) ==
        "placement: accelerators_per_node 5 of nodes that have 4");
  CHECK(
      obstacle(placement, {.data = 13}) ==
      "too few accelerators: tensor 1 x pipeline 1 x context 1 = 1 accelerators per replica, times data 13, needs 13; "
      "the placement uses 12 of the cluster's 16");
}

TEST_CASE("rail-aware replicas next to each other take the same positions of nodes next to each other") {
  const Placement rails{.policy = PlacementPolicy::rail_aware};
  CHECK(placed(rails, {.tensor = 2, .data = 6}) == std::vector<Device>{0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7});
  CHECK(placed(rails, {.tensor = 4}) == placed({}, {.tensor = 4}));  // whole nodes
  CHECK(placed(rails, {.tensor = 8}) == placed({}, {.tensor = 8}));
}

TEST_CASE("rail-aware groups that leave accelerators over need room without them") {
  const ToyModel thirds{.hidden = 768, .heads = 12, .vocabulary = 1536};
  Run run = toy_run({.parallelism = {.tensor = 3, .data = 5}, .model = thirds});
  CHECK(resolve_layout(run, toy_cluster({.nodes = 4})).reason.empty());
  run.placement.policy = PlacementPolicy::rail_aware;
  CHECK(resolve_layout(run, toy_cluster({.nodes = 4})).reason ==
        "placement: rail-aware puts 1 groups of tensor 3 x context 1 on each of 4 nodes, room for 12 of 15 ranks");
}

TEST_CASE("random nodes keep the ranks of a node together; random ranks go anywhere") {
  const auto nodes = placed({.policy = PlacementPolicy::random_nodes, .seed = 7}, {.tensor = 4}, 64);
  for (std::size_t i = 0; i < nodes.size(); ++i) CHECK(nodes[i] == nodes[i / 4 * 4] + static_cast<int>(i % 4));
  CHECK_FALSE(std::ranges::is_sorted(nodes));
  const auto ranks = placed({.policy = PlacementPolicy::random, .seed = 7}, {.tensor = 4}, 64);
  CHECK(std::set(ranks.begin(), ranks.end()).size() == 256);
  CHECK(*std::ranges::max_element(ranks) == 255);
}

TEST_CASE("equal seeds give equal placements, other seeds others") {
  const auto with = [](std::int64_t seed) { return placed({.policy = PlacementPolicy::random, .seed = seed}, {}, 8); };
  CHECK(with(1) == with(1));
  CHECK(with(1) != with(2));
}

TEST_CASE("an explicit placement is taken as it is, or refused with what is wrong with it") {
  const auto listed = [](std::vector<int> accelerators) {
    return Placement{.policy = PlacementPolicy::listed, .accelerators = std::move(accelerators)};
  };
  CHECK(placed(listed({9, 0, 5}), {.data = 3}) == std::vector<Device>{9, 0, 5});
  CHECK(obstacle(listed({9, 0}), {.data = 3}) == "placement: 2 accelerators are listed for 3 ranks");
  CHECK(obstacle(listed({9, 0, 9}), {.data = 3}) == "placement: accelerator 9 is listed twice");
  CHECK(obstacle(listed({9, 0, 16}), {.data = 3}) == "placement: accelerator 16 is listed; the cluster has 0 to 15");
}

#include "study/doubling.hpp"

#include "catch.hpp"
#include "point.hpp"
#include "toy.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

Seconds step_time(const std::vector<Doubling>& list, std::string_view resource) {
  const auto found = std::ranges::find(list, resource, &Doubling::resource);
  REQUIRE(found != list.end());
  return found->step_time;
}

}  // namespace

TEST_CASE("doubling a resource halves the terms that hang on it and leaves the others") {
  Point point;
  point.run = toy_run({.parallelism = {.tensor = 4}});
  point.cluster = toy_cluster();  // latency 0: of two nodes, tensor ranks meet inside and replicas between them
  const Campaign campaign = simulate_campaign(point.run, point.cluster, tuning_of(point.cluster, {}));
  REQUIRE(campaign.obstacle.empty());
  const StepResult& base = campaign.step->result;
  const auto list = doublings(point);
  CHECK(list.size() == 6);
  CHECK((base.time - step_time(list, "scale-up bandwidth")) / base.breakdown.tensor == Approx(0.5));
  CHECK((base.time - step_time(list, "network bandwidth")) / base.breakdown.data == Approx(0.5));
  CHECK(step_time(list, "half the network latency") == base.time);
  CHECK(step_time(list, "arithmetic") < base.time);
  CHECK(step_time(list, "memory bandwidth") < base.time);
}

TEST_CASE("doubling any resource of a run of the catalogue makes no step slower, and some faster") {
  const Point point = catalogue_point("megatron-39b");
  const Seconds base = simulate_point(point).result.step->time;
  double faster = 0;
  for (const Doubling& doubling : doublings(point)) {
    INFO(doubling.resource);
    CHECK(doubling.step_time <= base * (1 + 1e-9));
    faster += doubling.step_time < base * 0.99 ? 1 : 0;
  }
  CHECK(faster >= 2);
}

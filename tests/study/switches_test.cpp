#include "study/switches.hpp"

#include "catch.hpp"
#include "point.hpp"

#include <algorithm>

using namespace traingrid;

TEST_CASE("a capability is worth what the step takes without it, and one that does not fit says why") {
  const Point point = catalogue_point("megatron-18b");
  const Seconds base = simulate_point(point).result.step->time;
  const auto list = switches(point);
  const auto find = [&](std::string_view name) { return *std::ranges::find(list, name, &TurnedCapability::name); };
  const TurnedCapability overlap = find("software.fused_softmax");
  CHECK(overlap.state == "on");
  REQUIRE(overlap.step_time.has_value());
  CHECK(*overlap.step_time > base);
  const TurnedCapability recompute = find("recompute");
  CHECK(recompute.state == "full");
  CHECK(recompute.turned == "none");
  for (const TurnedCapability& turned : list) {
    INFO(turned.name);
    CHECK(turned.step_time.has_value() == turned.obstacle.empty());
  }
}

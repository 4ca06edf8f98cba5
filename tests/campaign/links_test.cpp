// What links carried: means and loads over time.
#include "campaign/links.hpp"

#include "campaign/campaign.hpp"
#include "catch.hpp"
#include "cluster/fabric.hpp"
#include "toy.hpp"

using namespace traingrid;

namespace {

std::shared_ptr<const SimulatedStep> step_of(const Run& run, const Cluster& cluster,
                                             Folding folding = Folding::certified) {
  const Campaign campaign = simulate_campaign(run, cluster, tuning_of(cluster, {}), {}, folding);
  REQUIRE(campaign.obstacle.empty());
  return campaign.step;
}

/// Messages and collectives share links on the way between nodes.
Run crowded() { return toy_run({.parallelism = {.tensor = 4, .pipeline = 2}, .batch = 16, .model = {.layers = 8}}); }

}  // namespace

TEST_CASE("a link is used for its bytes over what it could have carried") {
  // tensor ranks fill nodes, and the data-parallel ranks of a rail meet only through NICs: no two terms share a link
  const auto step = step_of(toy_run({.parallelism = {.tensor = 4}, .batch = 8}), toy_cluster({.nodes = 2}));
  const Breakdown& breakdown = step->result.breakdown;  // nothing overlaps, and a ring keeps its links full
  for (const LinkUse& use : step->result.links) {
    INFO(use.level << ", busiest " << use.busiest);
    const Seconds busy = use.level.starts_with("scale-up") ? breakdown.tensor : breakdown.data;
    CHECK(use.utilisation == Approx(busy / step->result.time));
    CHECK(use.busiest.starts_with(use.level));
  }
}

TEST_CASE("the load of a link over time amounts to its bytes, ends at nothing and stays within its capacity") {
  const Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 2, .latency = 1e-6 * second});
  const auto fabric = build_fabric(cluster);
  const Folding folding = GENERATE(Folding::certified, Folding::equitable, Folding::none);
  const auto step = step_of(crowded(), cluster, folding);
  int used = 0;
  for (const LinkUse& use : step->result.links) {
    if (use.link < 0) continue;
    INFO(use.level << ", busiest " << use.busiest);
    ++used;
    const auto loads = link_loads(step->evaluation, use.link);
    const Bandwidth capacity = fabric->capacity(use.link);
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < loads.size(); ++i) {
      CHECK(loads[i].load / capacity <= 1 + 1e-9);
      bytes += loads[i].load * (loads[i + 1].at - loads[i].at);
    }
    REQUIRE_FALSE(loads.empty());
    CHECK(loads.back().load == Bandwidth{});
    CHECK(bytes / (capacity * step->result.time) == Approx(use.utilisation).epsilon(1e-6));
  }
  CHECK(used >= 2);
}

TEST_CASE("folded or not, every level is used as much") {
  const Cluster cluster = toy_cluster({.nodes = 4, .nodes_per_leaf = 2});
  const auto folded = step_of(crowded(), cluster), whole = step_of(crowded(), cluster, Folding::none);
  REQUIRE(folded->result.links.size() == whole->result.links.size());
  for (std::size_t i = 0; i < folded->result.links.size(); ++i)
    CHECK(folded->result.links[i].utilisation == Approx(whole->result.links[i].utilisation).epsilon(1e-9));
}

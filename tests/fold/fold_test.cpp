// Folded steps against unfolded ones: every date of every rank, what folding saves, and what it must keep apart.
#include "fold/fold.hpp"

#include "catch.hpp"
#include "fold/dates.hpp"
#include "fold/hand_made.hpp"
#include "fold/steps.hpp"

#include <array>
#include <numeric>
#include <set>

using namespace traingrid;

namespace {

constexpr std::array<const char*, 2> kTopologies{"rail-optimised", "leaf-spine"};
constexpr std::array<double, 3> kOversubscriptions{1, 2, 4};

template <class Classes>
std::size_t members(const Classes& classes) {
  return std::accumulate(classes.begin(), classes.end(), std::size_t{0},
                         [](std::size_t sum, const auto& c) { return sum + index(c.multiplicity); });
}

std::size_t links_in_use(const Template& step) {
  std::set<LinkId> used;
  for (const Hop& hop : step.hops) {
    if (!step.dropped[index(hop.link)]) used.insert(hop.link);
  }
  return used.size();
}

struct Foldings {
  Evaluation certified, equitable;
};

/// Folds the step in both ways, and holds the results against the step unfolded.
Foldings check_fold(const PlacedStep& step) {
  const Evaluation unfolded = step.evaluate(Folding::none);
  CHECK(unfolded.quotient.ranks.size() == unfolded.step.ranks.size());
  CHECK(unfolded.quotient.streams.size() == unfolded.step.streams.size());
  Foldings foldings{step.evaluate(Folding::certified), step.evaluate(Folding::equitable)};
  for (const Evaluation* folded : {&foldings.certified, &foldings.equitable}) {
    CAPTURE(folded->certified, folded->rounds);
    CHECK(worst_difference(unfolded, *folded) < 1e-9);
    CHECK(folded->dag.unfolded_activities == unfolded.dag.unfolded_activities);
    CHECK(members(folded->quotient.ranks) == folded->step.ranks.size());
    CHECK(members(folded->quotient.groups) == folded->step.groups.size());
    CHECK(members(folded->quotient.streams) == folded->step.streams.size());
    CHECK(members(folded->quotient.links) == links_in_use(folded->step));
  }
  CHECK(foldings.certified.certified);
  CHECK(foldings.certified.quotient.ranks.size() <= foldings.equitable.quotient.ranks.size());
  return foldings;
}

}  // namespace

TEST_CASE("folding changes no date of any layout, and leaves one rank per stage where trunks never bind") {
  const auto cases = step_cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (const std::string topology : kTopologies) {
      for (const double oversubscription : {1, i % 2 == 0 ? 2 : 4}) {
        CAPTURE(cases[i].name, topology, oversubscription);
        const Foldings folded = check_fold({cases[i], {topology, oversubscription}});
        if (oversubscription == 1) CHECK(folded.equitable.quotient.ranks.size() == index(cases[i].pipeline));
        CHECK(folded.certified.rounds <= 4);
      }
    }
  }
}

TEST_CASE("folding changes no date if something is slow, placed at random or missing; what is slow is kept apart") {
  constexpr double kAnomaly = 1e-3;  // a delay can spread flows that would meet on a trunk (Graham 1969, "anomalies")
  constexpr std::array<std::array<Condition, 2>, 2> kConditions{
      {{Condition::slow_nic, Condition::random_placement}, {Condition::slow_accelerator, Condition::half_filled_leaf}}};
  const auto cases = step_cases();
  for (std::size_t i = 0; i < 2 * cases.size(); ++i) {  // every layout meets all conditions, two on either topology
    const StepCase& c = cases[i / 2];
    const NetworkCase network{kTopologies[i % 2], kOversubscriptions[(i / 2 + i % 2) % 3]};
    const Evaluation healthy = PlacedStep(c, network).evaluate(Folding::equitable);
    for (const Condition condition : kConditions[(i / 2 + i % 2) % 2]) {
      CAPTURE(c.name, network.topology, network.oversubscription, static_cast<int>(condition));
      const Foldings folded = check_fold({c, network, condition});
      CHECK(folded.certified.rounds <= 20);
      if (condition == Condition::slow_nic || condition == Condition::slow_accelerator) {
        const bool but_a_duration = folded.equitable.step.links.empty() && condition == Condition::slow_nic;
        CHECK(folded.equitable.dag.activities.size() + (but_a_duration ? 1 : 0) > healthy.dag.activities.size());
        CHECK(folded.equitable.trace.end >= healthy.trace.end * (network.oversubscription > 1 ? 1 - kAnomaly : 1));
      }
    }
  }
}

TEST_CASE("nodes of a half-filled leaf are told from those of full ones where trunks bind") {
  const StepCase c{.name = "all three", .tensor = 2, .pipeline = 4, .data = 8};
  const auto rank_classes = [&](double oversubscription, Condition condition) {
    return check_fold({c, {"rail-optimised", oversubscription}, condition}).equitable.quotient.ranks.size();
  };
  CHECK(rank_classes(2, Condition::half_filled_leaf) > rank_classes(2, Condition::healthy));
  CHECK(rank_classes(1, Condition::half_filled_leaf) == rank_classes(1, Condition::healthy));
}

TEST_CASE("folding changes no date of a step on 256 accelerators") {
  const StepCase c{.name = "large", .tensor = 8, .pipeline = 4, .data = 8, .accelerators = 8, .nics = 8};
  for (const Condition condition : {Condition::healthy, Condition::slow_nic}) {
    const Foldings folded = check_fold({c, {"rail-optimised", 2}, condition});
    CHECK(folded.equitable.quotient.ranks.size() < 256);
    CHECK(folded.certified.quotient.ranks.size() < 128);
  }
}

TEST_CASE("without rounds left to certify, the equitable partition is taken") {
  const Pairs pairs({5, 10, 3}, {{{0}}, {{1}}, {{2}}});
  Template step = pairs.step();
  const Folded certified = fold(step, no_work, Folding::certified);
  const Folded late = fold(step, no_work, Folding::certified, {.rounds = 1});
  CHECK(certified.certified);
  CHECK(certified.rounds > 1);
  CHECK_FALSE(late.certified);
  CHECK(late.quotient.class_of_stream == std::vector<std::int32_t>{0, 1, 2});
}

TEST_CASE("a step that does not fold far enough is refused with what would help, unless nothing is to be folded") {
  const Pairs pairs({5, 10, 3}, {{{0}}, {{1}}, {{2}}});
  Template step = pairs.step();
  const Effort little{.operations = 2};
  CHECK_THROWS_WITH(
      fold(step, no_work, Folding::certified, little),
      ContainsSubstring("6 ranks fold to no less than 6 classes") && ContainsSubstring("more than the 2"));
  CHECK_NOTHROW(fold(step, no_work, Folding::none, little));
}

// Random small programs, copied k-fold with their links mixed at random: they fold back, and finish as the small ones
// do. With some links and ranks slowed down at random nothing is alike for certain, and folding must find out what is.
#include "engine/simulator.hpp"
#include "fold/dates.hpp"
#include "fold/fold.hpp"
#include "fold/random_program.hpp"
#include "oracle.hpp"

using namespace traingrid;

namespace {

using DatesOfRanks = std::vector<std::vector<Seconds>>;

/// Where each operation of each rank ends.
DatesOfRanks ends_of(const Folded& folded, const Trace& trace) {
  DatesOfRanks ends;
  for (const std::int32_t rank : folded.quotient.class_of_rank) {
    ends.emplace_back();
    for (const Event& event : folded.dag.events[index(rank)]) ends.back().push_back(trace.end_of(event));
  }
  return ends;
}

/// Each rank against the copy in `expected` that it is one of `copies` of.
double worst_difference(const DatesOfRanks& ends, const DatesOfRanks& expected, std::int32_t copies) {
  double worst = 0;
  for (std::size_t rank = 0; rank < ends.size(); ++rank) {
    const auto& of_copy = expected[rank / index(copies)];
    REQUIRE(ends[rank].size() == of_copy.size());
    for (std::size_t i = 0; i < of_copy.size(); ++i) worst = std::max(worst, difference(ends[rank][i], of_copy[i]));
  }
  return worst;
}

Seconds time_of_work(std::int32_t work, const RankClass& rank) { return (0.1 + work) * rank.slowdown * second; }

}  // namespace

TEST_CASE("random programs copied k-fold fold back to one copy of each rank, with the dates of the single copy") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    Dice dice(seed);
    const std::int32_t copies = 4 + 2 * dice.below(5);
    const Design design = random_design(dice, copies);
    const Program program = make_program(design, 1, dice), copied = make_program(design, copies, dice);
    Template small = Lift(design, program, 1, dice).step(), large = Lift(design, copied, copies, dice).step();
    const Folded single = fold(small, time_of_work, Folding::none), unfolded = fold(large, time_of_work, Folding::none);
    const DatesOfRanks expected = ends_of(single, progressive_filling(single.quotient, single.dag));
    CAPTURE(seed, copies);
    REQUIRE(worst_difference(ends_of(unfolded, progressive_filling(unfolded.quotient, unfolded.dag)), expected,
                             copies) < 1e-9);
    for (const Folding folding : {Folding::certified, Folding::equitable}) {
      const Folded folded = fold(large, time_of_work, folding);
      CAPTURE(static_cast<int>(folding));
      REQUIRE(folded.quotient.ranks.size() == index(kRanks));
      REQUIRE(folded.quotient.groups.size() == index(kGroups));
      REQUIRE(folded.quotient.streams.size() <= single.quotient.streams.size());
      REQUIRE(folded.quotient.links.size() <= single.quotient.links.size());
      REQUIRE(folded.certified == (folding == Folding::certified));
      const Trace simulated = simulate(folded.quotient, folded.dag);
      REQUIRE(worst_difference(ends_of(folded, simulated), expected, copies) < 1e-9);
    }
  }
}

TEST_CASE("random programs whose copies are slowed down here and there finish as they do unfolded") {
  std::size_t saved = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Dice dice(1000 + seed);
    const std::int32_t copies = 4 + 2 * dice.below(5);
    const Design design = random_design(dice, copies);
    const Program copied = make_program(design, copies, dice);
    Template step = Lift(design, copied, copies, dice).step();
    const auto any = [&](std::size_t size) { return index(dice.below(static_cast<std::int32_t>(size))); };
    for (int change = dice.below(4); change >= 0; --change) {
      step.links[any(step.links.size())].capacity *= 0.5;
      if (dice.below(2) == 0) step.ranks[any(step.ranks.size())].slowdown *= 1.25;
      if (dice.below(3) == 0) step.sets[any(step.sets.size())].distance *= 2;
    }
    const Folded unfolded = fold(step, time_of_work, Folding::none);
    const DatesOfRanks expected = ends_of(unfolded, progressive_filling(unfolded.quotient, unfolded.dag));
    for (const Folding folding : {Folding::certified, Folding::equitable}) {
      const Folded folded = fold(step, time_of_work, folding);
      CAPTURE(seed, copies, static_cast<int>(folding), folded.rounds);
      REQUIRE(worst_difference(ends_of(folded, simulate(folded.quotient, folded.dag)), expected, 1) < 1e-9);
      saved += expected.size() - folded.quotient.ranks.size();
    }
  }
  CHECK(saved > 0);
}

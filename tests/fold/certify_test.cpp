// Foldings that are too coarse and must be found out, others that look coarse and are right; and what it would cost to
// take the first guess without its certificate.
#include "fold/certify.hpp"

#include "engine/simulator.hpp"
#include "fold/dates.hpp"
#include "fold/first_guess.hpp"
#include "fold/hand_made.hpp"
#include "fold/steps.hpp"
#include "oracle.hpp"

#include <array>
#include <random>
#include <set>

using namespace traingrid;

namespace {

using Ids = std::vector<std::int32_t>;

std::set<std::int32_t> failed(const Guess& guess) {
  const Verdict verdict = guess.verdict();
  std::set<std::int32_t> list;
  for (const auto& [stream, _] : verdict.rows) list.insert(stream);
  return list;
}

/// When the last message arrives, by the oracle.
double end_of(const Folded& folded) { return progressive_filling(folded.quotient, folded.dag).end / second; }

/// When each message arrives, by the oracle.
std::vector<Seconds> arrivals(const Folded& folded) {
  const Trace trace = progressive_filling(folded.quotient, folded.dag);
  std::vector<Seconds> dates;
  for (const std::int32_t rank : folded.quotient.class_of_rank)
    dates.push_back(trace.end_of(folded.dag.events[index(rank)].back()));
  return dates;
}

/// Dates of a step if the first guess is taken, whatever its certificate says.
Evaluation uncertified(const PlacedStep& placed) {
  Evaluation evaluation = placed.evaluate(Folding::certified);
  const Guess guess = guess_of(evaluation.step, placed.work_time());
  CHECK(failed(guess).empty() == (evaluation.rounds == 1));
  evaluation.quotient = guess.quotient;
  evaluation.dag = guess.dag;
  evaluation.trace = simulate(guess.quotient, guess.dag);
  return evaluation;
}

}  // namespace

TEST_CASE("a class some of whose members have a faster link is named") {
  const Pairs pairs({5, 10, 3}, {{{0}}, {{1}}, {{2, 3}}});
  const Guess guess = guess_of(pairs.step(), no_work);
  REQUIRE(guess.quotient.class_of_stream == Ids{0, 0, 0});
  CHECK(failed(guess) == std::set<std::int32_t>{0});
  Template step = pairs.step();
  const Folded folded = fold(step, no_work, Folding::certified);
  CHECK(folded.certified);
  CHECK(folded.rounds > 1);
  CHECK(folded.quotient.class_of_stream == Ids{0, 1, 2});
  CHECK(end_of(folded) == Approx(10));
}

TEST_CASE("members that are held back by unlike links at the same rate are one class") {
  // one alone on a slow link, two on one that is twice as fast
  const Pairs pairs({5, 9, 10, 9}, {{{0}, {1}}, {{2}}, {{2}, {3}}});
  const Guess guess = guess_of(pairs.step(), no_work);
  CHECK(guess.rows.crossed.front().size() == 3);
  CHECK(failed(guess).empty());
  Template step = pairs.step();
  const Folded certified = fold(step, no_work, Folding::certified);
  CHECK(certified.rounds == 1);
  CHECK(certified.quotient.streams.size() == 1);
  CHECK(fold(step, no_work, Folding::equitable).quotient.streams.size() == 3);
  CHECK(end_of(certified) == Approx(2));
}

TEST_CASE("what a slow link makes others leave to a member is noticed") {
  const Pairs pairs({3, 10}, {{{0}}, {{1}}, {{1}, {0}}});
  const Guess guess = guess_of(pairs.step(), no_work);
  CHECK(failed(guess) == std::set<std::int32_t>{0});
  Template step = pairs.step();
  const Folded folded = fold(step, no_work, Folding::certified);
  REQUIRE(folded.quotient.class_of_stream == Ids{0, 1, 0});  // the first and the last are equally fast
  const std::vector<Bandwidth> rates = fair_rates(folded.quotient, {0, 1});
  CHECK(rates[0] / (byte / second) == Approx(1.5));
  CHECK(rates[1] / (byte / second) == Approx(8.5));
}

TEST_CASE("messages over random links arrive when they do unfolded, as coarse as their certificate allows") {
  std::mt19937 random(1987);
  const auto any = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  int coarser = 0, split = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const int links = 2 + any(8), messages = 2 + any(14);
    std::vector<double> capacities;
    for (int link = 0; link < links; ++link) capacities.push_back(4 + 2 * any(trial % 3 + 1));
    std::vector<std::vector<Hop>> paths;
    for (int i = 0; i < messages; ++i) {
      const auto weight = static_cast<std::uint16_t>(1 + any(2)), parts = static_cast<std::uint16_t>(1 + any(2));
      paths.push_back({{any(links)}, {any(links), weight, parts}});
    }
    const Pairs pairs(capacities, paths);
    Template step = pairs.step();
    const Folded unfolded = fold(step, no_work, Folding::none), certified = fold(step, no_work, Folding::certified);
    const Folded equitable = fold(step, no_work, Folding::equitable);
    CAPTURE(trial);
    REQUIRE(certified.certified);
    const auto expected = arrivals(unfolded);
    for (const Folded* folded : {&certified, &equitable}) {
      const auto dates = arrivals(*folded);
      for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(difference(dates[i], expected[i]) < 1e-9);
    }
    coarser += certified.quotient.streams.size() < equitable.quotient.streams.size() ? 1 : 0;
    split += certified.rounds > 1 ? 1 : 0;
  }
  CHECK(coarser > 20);
  CHECK(split > 100);
}

TEST_CASE("the verdict says when the step ends, as SimGrid does") {
  const Pairs pairs({4}, {{{0}}, {{0}}});
  CHECK(guess_of(pairs.step(), no_work).verdict().trace.end / second == Approx(5));
  for (const Condition condition : {Condition::healthy, Condition::slow_accelerator}) {
    const PlacedStep placed(step_cases()[2], {"leaf-spine", 2}, condition);
    const Guess guess = guess_of(placed.evaluate(Folding::certified).step, placed.work_time());
    CHECK(difference(guess.verdict().trace.end, simulate(guess.quotient, guess.dag).end) < 1e-9);
  }
}

TEST_CASE("taking a guess whose certificate failed changes dates by percents; obeying it changes none") {
  const StepCase c{.name = "all three", .tensor = 4, .pipeline = 4, .data = 16, .accelerators = 8, .nics = 8};
  constexpr std::array kConditions{Condition::slow_nic, Condition::slow_accelerator, Condition::half_filled_leaf,
                                   Condition::random_placement};
  int wrong_by_percents = 0;
  for (const Condition condition : kConditions) {
    const PlacedStep placed(c, {"rail-optimised", 4}, condition);
    const Evaluation unfolded = placed.evaluate(Folding::none), certified = placed.evaluate(Folding::certified);
    const Evaluation guessed = uncertified(placed);
    CAPTURE(static_cast<int>(condition), certified.rounds);
    CHECK(certified.certified);
    CHECK(worst_difference(unfolded, certified) < 1e-9);
    const double wrong = worst_difference(unfolded, guessed);
    CHECK((wrong > 1e-9) == (certified.rounds > 1));
    wrong_by_percents += wrong > 0.01 ? 1 : 0;
  }
  CHECK(wrong_by_percents >= 2);
}

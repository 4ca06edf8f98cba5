#include "study/samples.hpp"

#include "catch.hpp"
#include "engine/child.hpp"
#include "study/statistics.hpp"

#include <algorithm>
#include <cmath>

using namespace traingrid;

namespace {

UncertainInput input(const std::string& name, const Uncertain& value) {
  UncertainInput input{name, value};
  input.value.key = hashed(name);
  return input;
}

const UncertainInput kTwo = input("site.two", {Distribution::triangular, 1, 2, 4});
const UncertainInput kTen = input("site.ten", {Distribution::lognormal, 9, 10, 12});

/// A point of which only the IT energy and the PUE are of interest: a sum, and one of its terms.
using Formula = std::function<Result(const Draw& draw)>;
Result with(double energy, double pue) {
  Result result;
  result.energy = EnergyResult{.it = energy * joule, .pue = pue};
  return result;
}
const std::vector<SampledFigure> kFigures{
    {"sum", [](const Result& result) { return std::optional(result.energy->it / joule); }},
    {"term", [](const Result& result) { return std::optional(result.energy->pue); }}};

Result sampled(const Sampling& sampling, const std::vector<UncertainInput>& inputs, const Formula& formula) {
  Result result;
  add_intervals(result, sampling, inputs, kFigures, formula);
  return result;
}

Result sum_of_both(const Draw& draw) { return with(kTwo.value.at(draw) + kTen.value.at(draw), kTwo.value.at(draw)); }

}  // namespace

TEST_CASE(
    "a figure that is an input has the percentiles of its distribution, and one linear in it those times its factor") {
  const auto linear = [](const Draw& draw) { return with(1000 * kTwo.value.at(draw), kTwo.value.at(draw)); };
  const Result result = sampled({.samples = 4000}, {kTwo}, linear);
  const Interval& term = result.intervals.at("term");
  CHECK(term.p5 == Approx(kTwo.value.quantile(0.05)).epsilon(0.02));
  CHECK(term.p50 == Approx(kTwo.value.quantile(0.5)).epsilon(0.02));
  CHECK(term.p95 == Approx(kTwo.value.quantile(0.95)).epsilon(0.02));
  CHECK(result.intervals.at("sum").p5 == Approx(1000 * term.p5).epsilon(1e-12));
  CHECK(result.intervals.at("sum").p95 == Approx(1000 * term.p95).epsilon(1e-12));
}

TEST_CASE("the interval of a sum of independent inputs is wider than either and narrower than both added up") {
  const Result result = sampled({.samples = 4000}, {kTwo, kTen}, sum_of_both);
  const auto width = [](const Interval& interval) { return interval.p95 - interval.p5; };
  const double two = kTwo.value.quantile(0.95) - kTwo.value.quantile(0.05), ten = 12 - 9;
  CHECK(width(result.intervals.at("sum")) > std::max(two, ten));
  CHECK(width(result.intervals.at("sum")) < two + ten);
  CHECK(width(result.intervals.at("sum")) == Approx(std::hypot(two, ten)).epsilon(0.05));
}

TEST_CASE("the inputs that matter most come first, and those that do not matter not at all") {
  const UncertainInput idle = input("site.idle", {Distribution::triangular, 1, 2, 3});
  const Result result = sampled({.samples = 1000}, {idle, kTwo, kTen}, sum_of_both);
  const auto& of_term = result.intervals.at("term").influences;
  REQUIRE(of_term.size() == 1);
  CHECK(of_term[0].input == "site.two");
  CHECK(of_term[0].rank_correlation == Approx(1));
  const auto& of_sum = result.intervals.at("sum").influences;
  REQUIRE(of_sum.size() == 2);
  CHECK(of_sum[0].input == "site.ten");
  CHECK(of_sum[0].explained() + of_sum[1].explained() == Approx(1).epsilon(0.1));
}

TEST_CASE("an input that a figure falls with has a negative rank correlation") {
  const auto falling = [](const Draw& draw) { return with(-kTwo.value.at(draw), 1); };
  const Result result = sampled({.samples = 50}, {kTwo}, falling);
  CHECK(result.intervals.at("sum").influences.at(0).rank_correlation == Approx(-1));
  CHECK_FALSE(result.intervals.contains("term"));
}

TEST_CASE("intervals do not depend on how many processes share the samples, and depend on the seed") {
  const auto of = [](const Sampling& sampling) { return sampled(sampling, {kTwo, kTen}, sum_of_both).intervals; };
  const auto alone = of({.samples = 101, .seed = 7});
  CHECK(of({.samples = 101, .seed = 7, .jobs = 3}) == alone);
  CHECK(of({.samples = 101, .seed = 7, .jobs = 500}) == alone);
  CHECK(of({.samples = 101, .seed = 8}) != alone);
}

TEST_CASE("infeasible samples have no figures and are counted in a note") {
  const auto sometimes = [](const Draw& draw) {
    Result result = sum_of_both(draw);
    result.feasible = draw.sample % 4 != 0;
    return result;
  };
  const Result result = sampled({.samples = 100}, {kTwo, kTen}, sometimes);
  CHECK(result.intervals.contains("sum"));
  CHECK(result.notes.back() == "25 of 100 samples are infeasible and left out of the intervals");
}

TEST_CASE("bad values of a sample are an input error, in whichever process they come up") {
  const int jobs = GENERATE(1, 2);
  const auto bad = [](const Draw& draw) -> Result {
    if (draw.sample == 5) throw InputError("m.yaml:1:1: no");
    return sum_of_both(draw);
  };
  CHECK_THROWS_AS(sampled({.samples = 10, .jobs = jobs}, {kTwo}, bad), InputError);
}

TEST_CASE("inputs count once however often they were read, and not at all if their ends are equal") {
  const auto read = [](const std::string& path, const UncertainInput& value) {
    ConstantRead constant{.document = "site", .path = path};
    constant.uncertain = value.value;
    return constant;
  };
  const UncertainInput fixed = input("fixed", {Distribution::triangular, 2, 2, 2});
  const auto inputs = uncertain_inputs({read("a", kTwo), read("b", kTwo), read("c", kTen), read("d", fixed), {}});
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[0].name == "site.a");
  CHECK(inputs[1].name == "site.c");
}

TEST_CASE("inputs that are drawn together are one input, which names all of them") {
  ConstantRead first{.document = "site", .path = "pue"}, second{.document = "site", .path = "wue"};
  first.uncertain = kTwo.value;
  second.uncertain = Uncertain{Distribution::triangular, 5, 6, 7, kTwo.value.key};
  const auto inputs = uncertain_inputs({first, second, second});
  REQUIRE(inputs.size() == 1);
  CHECK(inputs[0].name == "site.pue with site.wue");
}

TEST_CASE("without uncertain inputs a result stays as it is") {
  const Result result = sampled({.samples = 10}, {}, sum_of_both);
  CHECK(result.intervals.empty());
  CHECK(result.notes.empty());
}

TEST_CASE("equal values share the mean of their ranks, and a percentile lies between its neighbours by distance") {
  CHECK(ranks_of({5, 1, 5, 9}) == std::vector<double>{1.5, 0, 1.5, 3});
  CHECK(percentile({1, 2, 4}, 0.5) == 2);
  CHECK(percentile({1, 2, 4}, 0.75) == 3);
  CHECK(percentile({1}, 0.05) == 1);
}

#include "study/answer.hpp"

#include "catch.hpp"
#include "golden.hpp"
#include "point.hpp"
#include "toy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

using namespace traingrid;

namespace {

Result replayed(const std::string& name, const std::vector<std::string>& sets = {}) {
  return replay_point(catalogue_point(name, sets));
}

/// The numbers of a simulated result, by their names in its JSON.
std::vector<std::pair<std::string, double>> numbers(const Result& result) {
  return {{"step.time_s", result.step->time / second},
          {"step.memory.peak_gib", result.step->memory_peak / gib},
          {"duration.days", result.duration->time / day},
          {"energy.it_mwh", result.energy->it / megawatt_hour},
          {"energy.facility_mwh", result.energy->facility / megawatt_hour},
          {"energy.peak_it_mw", result.energy->peak_it / megawatt},
          {"carbon.location_t", result.carbon->location / tonne}};
}

Point toy_point(const Run& run, const Cluster& cluster) {
  Point point = catalogue_point("megatron-18b");
  point.run = run;
  const Economics economics = point.cluster.accelerator.economics;
  point.cluster = cluster;
  point.cluster.accelerator.economics = economics;
  return point;
}

}  // namespace

TEST_CASE("GPT-3 replayed gives what Patterson et al. published") {
  const Result result = replayed("gpt3-175b");
  CHECK(result.replayed);
  CHECK(result.duration->time / day == Approx(14.77).margin(0.005));
  CHECK(result.energy->it / megawatt_hour == Approx(1170.05).margin(0.005));
  CHECK(result.energy->facility / megawatt_hour == Approx(1287.06).margin(0.005));
  CHECK(result.carbon->location / tonne == Approx(552.15).margin(0.005));
}

TEST_CASE("twice the published watts is twice the energy and the carbon in the same time") {
  const Result once = replayed("gpt3-175b");
  const Result twice = replayed("gpt3-175b", {"published.power_per_accelerator=660 W"});
  CHECK(twice.duration->time == once.duration->time);
  CHECK(twice.energy->facility / once.energy->facility == Approx(2));
  CHECK(twice.carbon->location / once.carbon->location == Approx(2));
}

TEST_CASE("twice the published FLOP is twice the days and twice the energy") {
  const Result once = replayed("gpt3-175b");
  const Result twice = replayed("gpt3-175b", {"published.training_flop=6.28e23 FLOP"});
  CHECK(twice.duration->time / once.duration->time == Approx(2));
  CHECK(twice.energy->facility / once.energy->facility == Approx(2));
}

TEST_CASE("GPT-3's water as Li et al. count it is 708 m3 on site and 5,439 m3 in all") {
  const Result result = replayed("gpt3-175b-li2023");
  CHECK(result.energy->it / megawatt_hour == Approx(1287));
  CHECK(*result.water->onsite / cubic_metre == Approx(708).margin(0.5));
  CHECK((*result.water->onsite + *result.water->offsite) / cubic_metre == Approx(5439).margin(0.5));
}

TEST_CASE("the steps of Megatron on Selene take what was measured, within 10 %") {
  struct Measured {
    std::string run;
    double seconds;
  };
  // Narayanan et al. 2021 (SC21), Table 1 with its equation 3
  const auto measured = GENERATE(values<Measured>(
      {{"megatron-18b", 9.399}, {"megatron-39b", 14.453}, {"megatron-145b", 24.817}, {"megatron-1t", 102.63}}));
  const Answer answer = simulate_point(catalogue_point(measured.run));
  INFO(measured.run);
  REQUIRE(answer.result.feasible);
  CHECK(answer.result.step->time / second == Approx(measured.seconds).epsilon(0.1));
}

TEST_CASE("every run of the catalogue gives the numbers that were looked at last") {
  std::string now = "run,number,value\n";
  for (const std::string& name : catalogue_names("runs")) {
    const Result result = simulate_point(catalogue_point(name)).result;
    INFO(name << ": " << result.reason);
    REQUIRE(result.feasible);
    for (const auto& [number, value] : numbers(result)) now += fmt::format("{},{},{:.9g}\n", name, number, value);
  }
  std::istringstream kept(golden("catalogue-runs/expected.csv", now)), found(now);
  std::string expected, line;
  while (std::getline(found, line)) {
    REQUIRE(std::getline(kept, expected));
    const auto comma = line.rfind(',') + 1;
    INFO(line.substr(0, comma));
    REQUIRE(line.substr(0, comma) == expected.substr(0, comma));
    if (line == expected) continue;
    CHECK(std::stod(line.substr(comma)) == Approx(std::stod(expected.substr(comma))).epsilon(1e-6));
  }
  CHECK_FALSE(std::getline(kept, expected));
}

TEST_CASE("nothing that was published about a run moves its simulation") {
  const auto name = GENERATE(as<std::string>{}, "gpt3-175b", "bloom-176b", "megatron-18b");
  INFO(name);
  Point point = catalogue_point(name);
  point.run.batch_ramp.clear();
  const Result before = simulate_point(point).result;
  Published& published = *point.run.published;
  if (published.training_flop) *published.training_flop *= 3;
  if (published.accelerators) *published.accelerators *= 3;
  if (published.flops_per_accelerator) *published.flops_per_accelerator *= 3;
  if (published.duration) *published.duration *= 3;
  if (published.power_per_accelerator) *published.power_per_accelerator *= 3;
  if (published.it_energy) *published.it_energy *= 3;
  published.power_includes_hosts = !published.power_includes_hosts;
  for (auto& [figure, value] : published.figures) value.value *= 3;
  const Result changed = simulate_point(point).result;
  CHECK(numbers(changed) == numbers(before));
  REQUIRE(changed.published.size() == before.published.size());
  CHECK(changed.published.front().value == 3 * before.published.front().value);
  point.run.published.reset();
  CHECK(numbers(simulate_point(point).result) == numbers(before));
}

TEST_CASE("energy, carbon and water follow from the timeline and the site's constants") {
  const Point point = catalogue_point("megatron-18b");
  const Answer answer = simulate_point(point);
  const Result& result = answer.result;
  const Joules it =
      result.step->time *
      (*result.duration->steps * step_power(*answer.step, allocate(point.run, point.cluster).cluster).mean.total());
  CHECK(result.energy->it / it == Approx(1));
  CHECK(result.energy->facility / result.energy->it == Approx(*point.site.pue));
  CHECK(result.carbon->location / (result.energy->facility * *point.site.grid.intensity) == Approx(1));
  CHECK(*result.water->onsite / (result.energy->it * *point.site.wue) == Approx(1));
  CHECK(result.duration->accelerator_time / result.duration->time == Approx(256));
}

TEST_CASE("GPT-3 simulated works on 9,984 accelerators and says that 16 are spares") {
  const Result result = simulate_point(catalogue_point("gpt3-175b")).result;
  CHECK_FALSE(result.replayed);
  CHECK(result.accelerators == 10'000);
  CHECK(result.working_accelerators == 9'984);
  CHECK(std::ranges::count(result.notes, "16 of 10000 accelerators are spares: idle watts, full cost.") == 1);
  CHECK(result.duration->accelerator_time / result.duration->time == Approx(10'000));
}

TEST_CASE("a run has the nodes that it asks for, or a reason why not") {
  Run run = toy_run({.parallelism = {.tensor = 4}});
  const Cluster cluster = toy_cluster({.nodes = 4});
  CHECK(allocate(run, cluster).cluster.nodes == 4);
  run.nodes = 2;
  CHECK(allocate(run, cluster).cluster.nodes == 2);
  CHECK(simulate_point(toy_point(run, cluster)).result.accelerators == 8);
  run.nodes = 5;
  const Answer answer = simulate_point(toy_point(run, cluster));
  CHECK_FALSE(answer.result.feasible);
  CHECK(answer.result.reason == "too few nodes: the run asks for 5, the cluster has 4");
  CHECK(answer.step == nullptr);
  CHECK_FALSE(answer.result.step);
}

TEST_CASE("a design out of memory is a result with its terms, and nothing that it would have cost") {
  Cluster cluster = toy_cluster();
  cluster.accelerator.memory.capacity = 0.125 * gib;
  const Answer answer = simulate_point(toy_point(toy_run(), cluster));
  CHECK_FALSE(answer.result.feasible);
  CHECK(answer.result.reason.starts_with("out of memory: "));
  REQUIRE(answer.result.step);
  CHECK(answer.result.step->memory_peak > answer.result.step->memory_capacity);
  CHECK(answer.result.step->time == Seconds{});
  CHECK_FALSE(answer.result.duration);
  CHECK_FALSE(answer.result.energy);
  CHECK_FALSE(answer.result.cost);
}

TEST_CASE("accelerators take the water of their making, as long as the run has them") {
  Point point = catalogue_point("gpt3-175b");
  const Result plain = replay_point(point);
  CHECK_FALSE(plain.water->manufacturing);
  point.cluster.accelerator.economics.manufacturing_water = 400 * litre;
  const double lives = *plain.carbon->embodied / (150 * kilogram + 2'500 * kilogram / 8);
  CHECK(*replay_point(point).water->manufacturing / litre == Approx(lives * 400));
}

TEST_CASE("owners pay what the site's meter cost, by the hour and with its demand charge") {
  const Result run = replay_point(catalogue_point(
      "gpt3-175b", {"demand_charge_per_month=12 USD/kW", "carbon_price=80 USD/t", "water_price=2 USD/m3"}));
  const TcoParts& parts = run.cost->tco->parts;
  CHECK(parts.electricity / *run.bill->electricity == Approx(1));
  CHECK(parts.demand / run.bill->demand == Approx(1));
  CHECK(parts.carbon / run.bill->carbon == Approx(1));
  CHECK(parts.water / run.bill->water == Approx(1));
}

TEST_CASE("downtime that a run states is paid for, and makes the useful hour dearer") {
  const auto result = [](const char* lost) {
    return simulate_point(catalogue_point("megatron-18b", {std::string("lost_time=") + lost})).result;
  };
  const Result whole = result("0"), lossy = result("0.1");
  CHECK(*lossy.duration->goodput == Approx(0.9));
  CHECK_FALSE(whole.duration->goodput);
  const TcoCost& tco = *lossy.cost->tco;
  CHECK(tco.downtime / tco.total == Approx(0.1));
  CHECK(tco.total > whole.cost->tco->total);
  CHECK(tco.per_accelerator_hour > whole.cost->tco->per_accelerator_hour);
}

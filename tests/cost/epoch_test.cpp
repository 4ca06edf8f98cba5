#include "accounting.hpp"
#include "catch.hpp"

#include <cmath>

using namespace traingrid;

namespace {

constexpr double kFiveDigits = 5e-6;

Approx near(double value) { return Approx(value).epsilon(kFiveDigits); }

double adjusted(Dollars amount, const char* from) {
  return index_adjusted(amount, on(from), on("2024-12-01"), epoch_2024().price_index).value() / dollar;
}

}  // namespace

TEST_CASE("GPT-3 costs what Epoch AI published") {
  const EpochCost cost = epoch_cost(v100(), gpt3(), epoch_2024());
  CHECK(cost.hardware / dollar == near(1'616'754));
  CHECK(cost.interconnect / dollar == near(379'239));
  CHECK(cost.energy / dollar == near(92'546));
  CHECK(cost.energy_used / megawatt_hour == Approx(1387.5));
  CHECK(cost.total / dollar == near(2'088'539));
  CHECK(cost.upfront / dollar == near(229'938'272));
  CHECK(adjusted(cost.total, "2020-05-28") == near(2'198'105));
  CHECK(adjusted(cost.upfront, "2020-05-28") == near(242'000'906));
}

TEST_CASE("GPT-4 costs what Epoch AI published") {
  const Economics a100{
      .family = "A100",
      .release = on("2020-05-14"),
      .tdp = 400 * watt,
      .prices = {{on("2020-05-21"), 24'875 * dollar, true}, {on("2020-07-01"), 15'000 * dollar, false}}};
  const CostedRun run{.start = on("2022-05-12"),
                      .publication = on("2023-03-15"),
                      .organisation = "OpenAI",
                      .accelerators = 25'000,
                      .accelerator_time = 57e6 * hour};
  const EpochCost cost = epoch_cost(a100, run, epoch_2024());
  CHECK(acquisition_of(a100, epoch_2024()).date == on("2020-08-12"));
  CHECK(cost.hardware / dollar == near(29'691'721));
  CHECK(cost.interconnect / dollar == near(6'964'725));
  CHECK(cost.energy / dollar == near(3'499'488));
  CHECK(cost.total / dollar == near(40'155'934));
  CHECK(cost.upfront / dollar == near(767'746'914));
  CHECK(adjusted(cost.total, "2023-03-15") == near(40'695'706));
  CHECK(adjusted(cost.upfront, "2023-03-15") == near(778'066'899));
}

TEST_CASE("Gemini Ultra, on TPUs bought singly by a hyperscaler, costs what Epoch AI published") {
  const Economics tpu_v4{.kind = AcceleratorKind::tpu,
                         .family = "TPU v4",
                         .release = on("2021-05-20"),
                         .tdp = 170 * watt,
                         .prices = {{on("2021-05-20"), 5'167 * dollar, false}}};
  const CostedRun run{.start = on("2023-05-10"),
                      .publication = on("2023-12-06"),
                      .organisation = "Google DeepMind",
                      .accelerators = 57'000,
                      .accelerator_time = 132e6 * hour};
  const EpochCost cost = epoch_cost(tpu_v4, run, epoch_2024());
  CHECK(cost.hardware / dollar == near(21'788'290));
  CHECK(cost.interconnect / dollar == near(5'110'833));
  CHECK(cost.energy / dollar == near(1'334'577));
  CHECK(cost.total / dollar == near(28'233'700));
  CHECK(cost.upfront / dollar == near(596'310'074));
  CHECK(adjusted(cost.total, "2023-12-06") == near(28'309'604));
}

TEST_CASE("Grok-3 costs what Epoch AI published") {
  const Economics h100{.family = "H100",
                       .release = on("2022-09-20"),
                       .tdp = 700 * watt,
                       .prices = {{on("2022-09-29"), 44'489.88 * dollar, true}}};
  const CostedRun run{.start = on("2024-09-10"),
                      .publication = on("2025-02-17"),
                      .organisation = "xAI",
                      .accelerators = 100'000,
                      .accelerator_time = 240e6 * hour};
  const EpochCost cost = epoch_cost(h100, run, epoch_2024());
  CHECK(acquisition_of(h100, epoch_2024()).date == on("2022-12-19"));
  CHECK(cost.energy_used / megawatt_hour == Approx(286'875));
  CHECK(cost.total / dollar == near(301'454'771));
  CHECK(cost.upfront / dollar == near(5'492'577'778));
}

TEST_CASE("a run that starts before GPUs are delivered is valued as on the day of delivery, one on TPUs is not") {
  Economics hardware = v100();
  CostedRun run = gpt3();
  run.start = acquisition_of(hardware, epoch_2024()).date;
  const Dollars at_delivery = epoch_cost(hardware, run, epoch_2024()).hardware;
  run.start = on("2018-01-01");
  CHECK(epoch_cost(hardware, run, epoch_2024()).hardware == at_delivery);
  hardware.kind = AcceleratorKind::tpu;
  CHECK(epoch_cost(hardware, run, epoch_2024()).hardware > at_delivery);
}

TEST_CASE("hardware loses 27.6 % of its value in a year") {
  CostedRun run = gpt3();
  const Dollars first = epoch_cost(v100(), run, epoch_2024()).hardware;
  run.start = shifted(run.start, 4 * year);
  CHECK(epoch_cost(v100(), run, epoch_2024()).hardware / first == Approx(std::pow(10, -4 * 0.14)));
}

TEST_CASE("an unknown start is publication less training time less 60 days") {
  CHECK(assumed_start(on("2022-07-11"), 2808 * hour, epoch_2024()) == on("2022-01-15"));
}

TEST_CASE("the electricity price is that of the year of publication, else of the start") {
  CostedRun run = gpt3();
  const Dollars of_2020 = epoch_cost(v100(), run, epoch_2024()).energy;
  run.publication.reset();
  run.start = on("2023-02-01");
  CHECK(epoch_cost(v100(), run, epoch_2024()).energy / of_2020 == Approx(0.0806 / 0.0667));
}

TEST_CASE("a year before the table takes its first price") {
  CHECK(epoch_2024().electricity_price_in(1999) == epoch_2024().electricity_price_in(2010));
}

TEST_CASE("a year beyond the electricity table takes the latest price before it and says so") {
  CostedRun run = gpt3();
  run.publication = on("2031-01-01");
  const EpochAccounting& accounting = epoch_2024();
  const Economics hardware = v100();
  CHECK(epoch_cost(hardware, run, accounting).energy / epoch_cost(hardware, gpt3(), accounting).energy ==
        Approx(0.0826 / 0.0667));
  CHECK(notes_on({hardware, run, accounting}) ==
        std::vector<std::string>{"cost: the accounting lists no electricity price of 2031; 0.0826 USD/kWh is used"});
  CHECK(notes_on({hardware, gpt3(), accounting}).empty());
}

TEST_CASE("a family that the accounting does not list takes the mean multipliers and says so") {
  Economics hardware = v100();
  hardware.family = "V1OO";
  const EpochAccounting& accounting = epoch_2024();
  CHECK(notes_on({hardware, gpt3(), accounting}) ==
        std::vector<std::string>{"cost: the accounting does not list the family 'V1OO'; mean multipliers from "
                                 "accelerator to server are used"});
  CHECK(epoch_cost(hardware, gpt3(), accounting).energy_used / megawatt_hour == Approx(1387.5 * 1.8 / (5.0 / 3)));
}

TEST_CASE("the index gives nothing for a month that it does not list") {
  CHECK(index_adjusted(dollar, on("2020-05-28"), on("2024-12-01"), epoch_2024().price_index));
  CHECK_FALSE(index_adjusted(dollar, on("1999-01-01"), on("2024-12-01"), epoch_2024().price_index));
}

TEST_CASE("every accounting has a name, a summary and fills its own fields") {
  const EpochAccounting& accounting = epoch_2024();
  const Economics hardware = v100();
  const CostedRun run = gpt3();
  for (const Accounting& entry : kAccountings) {
    CHECK_FALSE(entry.name.empty());
    CHECK_FALSE(entry.summary.empty());
  }
  const CostResult cost = cost_of({hardware, run, accounting});
  CHECK(cost.epoch);
  CHECK(cost.cloud);
  CHECK(cost.price_year == 2020);
}

#include "cost/cloud.hpp"
#include "accounting.hpp"
#include "catch.hpp"

using namespace traingrid;

namespace {

double price(const Economics& economics, const CostedRun& run) {
  return rental_price(economics, run, epoch_2024()).value() / (dollar / hour);
}

}  // namespace

TEST_CASE("GPT-3 rented on Azure for three years costs what Epoch AI published") {
  const EpochAccounting& accounting = epoch_2024();
  const Economics hardware = v100();
  const CostedRun run = gpt3();
  const Dollars cloud = cost_of({hardware, run, accounting}).cloud.value();
  CHECK(cloud / dollar == Approx(4'120'320));
  const auto adjusted = index_adjusted(cloud, *run.publication, on("2024-12-01"), accounting.price_index);
  CHECK(adjusted.value() / dollar == Approx(4'336'473).epsilon(5e-6));
}

TEST_CASE("the vendor's latest price 60 days before the start counts, or its first one after that day") {
  CostedRun run = gpt3();
  run.start = on("2018-06-01");
  CHECK(price(v100(), run) == Approx(1.16));
  run.start = on("2024-03-28");
  CHECK(price(v100(), run) == Approx(1.16));
  run.start = on("2024-03-29");
  CHECK(price(v100(), run) == Approx(1.63));
}

TEST_CASE("a vendor whose closest row lacks the price is passed over, as in Epoch AI's row for BLOOM") {
  const Economics a100{.family = "A100",
                       .release = on("2020-11-16"),
                       .tdp = 400 * watt,
                       .prices = {{on("2020-05-21"), 24'875 * dollar, true}},
                       .cloud = {{.date = on("2022-08-04"), .vendor = "Amazon Web Services", .on_demand = hourly(5.12)},
                                 {on("2022-08-19"), "Amazon Web Services", hourly(5.12), hourly(3.00), hourly(1.81)},
                                 {on("2022-04-15"), "Microsoft Azure", hourly(4.10), hourly(2.62), hourly(1.80)}}};
  const CostedRun bloom{.start = on("2022-01-15"),
                        .publication = on("2022-07-11"),
                        .organisation = "Hugging Face,BigScience",
                        .accelerators = 384,
                        .accelerator_time = 1'078'272 * hour};
  const EpochAccounting& accounting = epoch_2024();
  const auto to_2024 = [&](Dollars amount) {
    return index_adjusted(amount, *bloom.publication, on("2024-12-01"), accounting.price_index).value() / dollar;
  };
  const CostResult cost = cost_of({a100, bloom, accounting});
  CHECK(to_2024(cost.cloud.value()) == Approx(1'983'620.48).epsilon(5e-6));
  CHECK(to_2024(cost.epoch->total) == Approx(995'819.12).epsilon(5e-6));
  CHECK(to_2024(cost.epoch->upfront) == Approx(12'052'219.9).epsilon(5e-6));
}

TEST_CASE("where nobody has a three-year price, the vendor's usual discount makes one") {
  Economics hardware = v100();
  hardware.cloud = {{.date = on("2019-01-01"), .vendor = "Amazon Web Services", .on_demand = hourly(3)}};
  CHECK(price(hardware, gpt3()) == Approx(3 * 0.36));
  hardware.cloud.front().one_year = hourly(2);
  CHECK(price(hardware, gpt3()) == Approx(2 * 0.36 / 0.59));
}

TEST_CASE("without any price that can be converted there is no cloud cost") {
  Economics hardware = v100();
  hardware.cloud = {{.date = on("2019-01-01"), .vendor = "A vendor without known discounts", .on_demand = hourly(3)}};
  CHECK_FALSE(rental_price(hardware, gpt3(), epoch_2024()));
  hardware.cloud.clear();
  CHECK_FALSE(rental_price(hardware, gpt3(), epoch_2024()));
}

TEST_CASE("TPUs are rented from Google only") {
  Economics hardware = v100();
  hardware.kind = AcceleratorKind::tpu;
  CHECK_FALSE(rental_price(hardware, gpt3(), epoch_2024()));
}

TEST_CASE("the last organisation of a list that has a vendor decides") {
  const EpochAccounting& accounting = epoch_2024();
  CHECK(accounting.vendor_of("Microsoft Research,NVIDIA,Stanford University") == "Microsoft Azure");
  CHECK(accounting.vendor_of("OpenAI,Google DeepMind") == "Google Cloud");
  CHECK(accounting.vendor_of("NVIDIA") == "Amazon Web Services");
  CHECK(accounting.pue_of("Meta AI") == 1.10);
  CHECK(accounting.pue_of("OpenAI") == 1.25);
}

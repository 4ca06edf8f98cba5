// The constants of Epoch AI's accounting and the hardware of its published rows, as the tests need them.
#pragma once

#include "cost/cost.hpp"

namespace traingrid {

inline Date on(const char* text) { return parse_date(text).value(); }

inline EpochAccounting epoch_2024() {
  const Dollars per_kwh = dollar;
  EpochAccounting accounting{
      .hardware_progress = 0.14,
      .interconnect_share = 0.19,
      .gpu = {.acquisition_delay = 90 * day, .power_fraction = 0.75},
      .tpu = {.valued_before_acquisition = true, .power_fraction = 0.43, .only_vendor = "Google Cloud"},
      .families = {{"V100", {1.69, 5.0 / 3}},
                   {"A100", {1.66, 2.03125}},
                   {"H100", {1.64, 10.2 / 8 / 0.7}},
                   {"TPU v4", {1.64, 1.56}}},
      .other_family = {1.64, 1.8},
      .hyperscalers = {"google", "deepmind", "microsoft", "amazon", "meta", "facebook"},
      .hyperscaler_pue = 1.10,
      .other_pue = 1.25,
      .cloud = {.vendor_of = {{"google", "Google Cloud"},
                              {"deepmind", "Google Cloud"},
                              {"microsoft", "Microsoft Azure"},
                              {"openai", "Microsoft Azure"}},
                .other_vendor = "Amazon Web Services",
                .vendor_order = {"Amazon Web Services", "Microsoft Azure", "Google Cloud"},
                .discounts = {{"Amazon Web Services", {0.41, 0.64}}, {"Google Cloud", {0.37, 0.56}}},
                .lead = 60 * day},
      .publication_lag = 60 * day,
      .price_index = {.series = "PCU518210518210",
                      .months = {{"2020-05", 113.4},
                                 {"2022-07", 116.778},
                                 {"2023-03", 117.766},
                                 {"2023-12", 119.029},
                                 {"2024-12", 119.349}}}};
  accounting.electricity_price = {{"2020", 0.0667 * per_kwh / kilowatt_hour},
                                  {"2022", 0.0832 * per_kwh / kilowatt_hour},
                                  {"2023", 0.0806 * per_kwh / kilowatt_hour},
                                  {"2025", 0.0826 * per_kwh / kilowatt_hour}};
  return accounting;
}

inline HourlyPrice hourly(double dollars) { return dollars * dollar / hour; }

/// Epoch's row for GPT-3, 'V100 DGXS 32 GB'.
inline Economics v100() {
  return {.family = "V100",
          .release = on("2018-03-27"),
          .tdp = 250 * watt,
          .prices = {{on("2018-03-27"), 11458 * dollar, false}, {on("2017-07-01"), 18625 * dollar, true}},
          .cloud = {{on("2018-06-08"), "Amazon Web Services", hourly(3.06), hourly(1.99), hourly(1.23)},
                    {on("2024-01-29"), "Microsoft Azure", hourly(3.06), hourly(2.24), hourly(1.63)},
                    {on("2018-12-30"), "Microsoft Azure", hourly(3.06), hourly(1.95), hourly(1.16)}}};
}

inline CostedRun gpt3() {
  return {.start = on("2019-10-01"),
          .publication = on("2020-05-28"),
          .organisation = "OpenAI",
          .accelerators = 10'000,
          .accelerator_time = 3'552'000 * hour};
}

}  // namespace traingrid

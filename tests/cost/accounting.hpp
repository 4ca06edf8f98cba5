// Epoch AI's accounting as the catalogue holds it, and its published row for GPT-3.
#pragma once

#include "cost/cost.hpp"
#include "input/inputs.hpp"

#include <filesystem>

namespace traingrid {

inline Date on(const char* text) { return parse_date(text).value(); }

/// As the catalogue holds it.
inline const EpochAccounting& epoch_2024() {
  static const EpochAccounting accounting = [] {
    Inputs inputs(Catalogue({std::filesystem::path(CATALOGUE)}));
    Document document = inputs.open<EpochAccounting>("accounting", "epoch-2024");
    const auto read = inputs.read<EpochAccounting>(document);
    inputs.finish();
    return read;
  }();
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

#include "cost/cost.hpp"

#include "units/text.hpp"

#include <fmt/format.h>

namespace traingrid {

CostResult cost_of(const CostInputs& inputs) {
  CostResult result{.run = inputs.run, .price_year = inputs.run.dated().year()};
  for (const Accounting& accounting : kAccountings) accounting.add(inputs, result);
  return result;
}

std::vector<std::string> notes_on(const CostInputs& inputs) {
  const Economics& economics = inputs.economics;
  const EpochAccounting& epoch = inputs.epoch;
  std::vector<std::string> notes;
  if (!epoch.families.contains(economics.family)) {
    notes.push_back(
        fmt::format("cost: the accounting does not list the family '{}'; mean multipliers from "
                    "accelerator to server are used",
                    economics.family));
  }
  const int of_run = inputs.run.dated().year();
  if (!epoch.electricity_price.contains(std::to_string(of_run))) {
    notes.push_back(fmt::format("cost: the accounting lists no electricity price of {}; {} is used", of_run,
                                to_text(epoch.electricity_price_in(of_run))));
  }
  return notes;
}

}  // namespace traingrid

#include "cost/epoch.hpp"

#include "cost/cost.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace traingrid {
namespace {

/// The earliest price of a whole server, or the earliest price at all.
const HardwarePrice& first_price(const Economics& economics) {
  return *std::ranges::min_element(economics.prices, {}, [](const HardwarePrice& price) {
    return std::pair{!price.includes_server, price.date};
  });
}

/// Hardware loses value as fast as newer hardware gets better.
Dollars value_at(Date start, const Acquisition& acquired, const KindRule& rule, const EpochAccounting& accounting) {
  const Date day_of_value = rule.valued_before_acquisition ? start : std::max(start, acquired.date);
  return acquired.price * std::pow(10, -accounting.hardware_progress * ((day_of_value - acquired.date) / year));
}

Joules energy_of(const Economics& economics, const CostedRun& run, const EpochAccounting& accounting) {
  const Watts server = economics.tdp * accounting.multipliers_of(economics.family).server_power;
  const double in_training = accounting.rule_of(economics.kind).power_fraction;
  return server * in_training * accounting.pue_of(run.organisation) * run.accelerator_time;
}

}  // namespace

Acquisition acquisition_of(const Economics& economics, const EpochAccounting& accounting) {
  const HardwarePrice& first = first_price(economics);
  const double share = first.includes_server ? 1 : accounting.multipliers_of(economics.family).server_cost;
  const Date delivered = shifted(economics.release, accounting.rule_of(economics.kind).acquisition_delay);
  return {std::max(first.date, delivered), first.price * share};
}

EpochCost epoch_cost(const Economics& economics, const CostedRun& run, const EpochAccounting& accounting) {
  const Acquisition acquired = acquisition_of(economics, accounting);
  const Dollars value = value_at(run.start, acquired, accounting.rule_of(economics.kind), accounting);
  const HourlyPrice amortised = value * (accounting.hardware_progress * std::numbers::ln10) / year;
  const double share = accounting.interconnect_share;

  EpochCost cost{.hardware = amortised * run.accelerator_time,
                 .upfront = run.accelerators * acquired.price / (1 - share),
                 .energy_used = energy_of(economics, run, accounting)};
  cost.interconnect = cost.hardware * (share / (1 - share));
  cost.energy = cost.energy_used * accounting.electricity_price_in(run.dated().year());
  cost.total = cost.hardware + cost.interconnect + cost.energy;
  return cost;
}

Date shifted(Date date, Seconds time) { return date + std::chrono::days{std::lround(time / day)}; }

Date assumed_start(Date publication, Seconds training_time, const EpochAccounting& accounting) {
  return shifted(publication, -(training_time + accounting.publication_lag));
}

void add_epoch(const CostInputs& inputs, CostResult& result) {
  result.epoch = epoch_cost(inputs.economics, inputs.run, inputs.epoch);
}

std::optional<Dollars> index_adjusted(Dollars amount, Date from, Date to, const PriceIndex& index) {
  const auto month = [&](Date date) { return index.months.find(to_text(date).substr(0, 7)); };
  if (month(from) == index.months.end() || month(to) == index.months.end()) return std::nullopt;
  return amount * (month(to)->second / month(from)->second);
}

}  // namespace traingrid

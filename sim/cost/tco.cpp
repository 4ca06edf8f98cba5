#include "cost/tco.hpp"

#include "cost/cost.hpp"
#include "cost/dated.hpp"

#include <algorithm>

namespace traingrid {
namespace {

constexpr double kMonths = 12;

/// What of the year's cost does not depend on the use, with idle power all year; and what an hour of work adds.
struct Line {
  Dollars fixed;
  HourlyPrice working;
};
Line line_of(const OwnedUnit& unit, const Ownership& ownership) {
  const TcoParts busy = yearly_cost(unit, ownership, 1);
  OwnedUnit idle = unit;
  idle.power.busy = unit.power.idle;
  const Dollars fixed = yearly_cost(idle, ownership, 1).total();
  return {fixed, (busy.total() - fixed) / year};
}

OwnedUnit unit_of(const CostInputs& inputs) {
  const Ownership& ownership = *inputs.ownership;
  const CostedRun& run = inputs.run;
  const Metered& metered = *run.metered;
  const double share = ownership.network_share;
  const EnergyPrice price_of_year = inputs.epoch.electricity_price_in(run.dated().year());
  OwnedUnit unit{.servers = ownership.server_price.value_or(server_price_on(inputs.economics, run.start, inputs.epoch)),
                 .power = ownership.power.value_or(UnitPower{metered.it_peak, metered.busy, metered.idle}),
                 .electricity = ownership.electricity.value_or(metered.electricity.value_or(price_of_year)),
                 .water = metered.water,
                 .carbon = metered.carbon};
  unit.network = unit.servers * (share / (1 - share));
  unit.demand = unit.power.busy * metered.demand_per_year;
  return unit;
}

}  // namespace

Dollars TcoParts::total() const {
  Dollars sum;
  for (const TcoPart& part : kTcoParts) sum += this->*part.amount;
  return sum;
}

Dollars server_price_on(const Economics& economics, Date date, const EpochAccounting& accounting) {
  const HardwarePrice* best = nullptr;
  for (const HardwarePrice& price : economics.prices) {
    const bool better =
        best == nullptr || (price.includes_server == best->includes_server ? stands_rather(price.date, best->date, date)
                                                                           : price.includes_server);
    if (better) best = &price;
  }
  return best->price * (best->includes_server ? 1 : accounting.multipliers_of(economics.family).server_cost);
}

TcoParts yearly_cost(const OwnedUnit& unit, const Ownership& ownership, double utilisation) {
  const double servers = ownership.servers.yearly_share(ownership.interest);
  const double facility = ownership.facility.yearly_share(ownership.interest);
  const Watts contracted = unit.power.contracted;
  const Joules energy = (utilisation * unit.power.busy + (1 - utilisation) * unit.power.idle) * year;
  return {.servers = servers * unit.servers,
          .network = servers * unit.network,
          .facility = facility * (contracted * ownership.facility_price),
          .colocation = kMonths * (contracted * ownership.colocation_per_month),
          .maintenance = ownership.maintenance * unit.servers,
          .operation = contracted * ownership.operation_per_year,
          .electricity = energy * unit.electricity,
          .demand = unit.demand,
          .water = energy * unit.water,
          .carbon = energy * unit.carbon};
}

HourlyPrice hourly_cost(const OwnedUnit& unit, const Ownership& ownership, double utilisation) {
  return yearly_cost(unit, ownership, utilisation).total() / (utilisation * year);
}

std::optional<double> break_even(const OwnedUnit& unit, const Ownership& ownership, HourlyPrice rent) {
  const Line line = line_of(unit, ownership);
  if (rent <= line.working) return std::nullopt;
  return line.fixed / ((rent - line.working) * year);
}

void add_tco(const CostInputs& inputs, CostResult& result) {
  const CostedRun& run = inputs.run;
  if (inputs.ownership == nullptr || !run.metered) return;
  const Ownership& ownership = *inputs.ownership;
  TcoCost cost{.unit = unit_of(inputs)};
  cost.parts = yearly_cost(cost.unit, ownership, ownership.utilisation);
  for (const TcoPart& part : kTcoParts) cost.parts.*part.amount *= run.accelerator_time / year / ownership.utilisation;
  cost.total = cost.parts.total();
  cost.downtime = cost.total * (1 - run.metered->goodput);
  cost.per_accelerator_hour = cost.total / (run.accelerator_time * run.metered->goodput);
  if (run.tokens > 0) cost.per_million_tokens = cost.total * (1e6 / run.tokens);
  result.tco = cost;
}

}  // namespace traingrid

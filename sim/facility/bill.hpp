// What a site pays for a run at the meter: electricity by the hour and under contract, the demand charge, water, and
// emissions where they have a price.
#pragma once

#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "facility/water.hpp"
#include "units/quantity.hpp"

#include <optional>

namespace traingrid {

struct Bill {
  std::optional<Dollars> electricity;  ///< nothing if the site states no price
  Dollars demand, water, carbon;       ///< zero where the site states no price

  Dollars total() const { return electricity.value_or(Dollars{}) + demand + water + carbon; }
};

/// Contracts with a price are paid for what they generate; what the site takes beyond that it buys at its price of the
/// hour, and what is left over fetches the grid's surplus price, or else the site's price of the hour.
std::optional<Dollars> electricity_cost(const EnergyResult& energy, const Site& site);

/// The highest power of a quarter of an hour, as meters count them, in every calendar month (UTC), at the monthly rate;
/// of a month that the run takes only part of, it pays that part.
Dollars demand_charge(const EnergyResult& energy, PowerPrice per_month);

Bill bill_of(const EnergyResult& energy, const WaterResult& water, const CarbonResult& carbon, const Site& site);

}  // namespace traingrid

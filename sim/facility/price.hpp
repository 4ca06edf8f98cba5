// What a site pays for its electricity: by the hour at its price, and its contracts for all that they generate.
#pragma once

#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <optional>

namespace traingrid {

/// Nothing if the site states no price. Contracts with a price are paid for what they generate; what the site takes
/// beyond that it buys at its price, and what is left over it sells at its price.
std::optional<Dollars> electricity_cost(const EnergyResult& energy, const Site& site);

}  // namespace traingrid

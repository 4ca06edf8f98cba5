// A run's accountings side by side: shares of their parts, rents against owning, and other years.
#pragma once

#include "cost/cost.hpp"
#include "cost/trend.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A part of an accounting, or the whole of it.
struct CostShare {
  std::string_view accounting, part;
  Dollars amount;
  std::optional<double> share;  ///< of the accounting's total; empty for what is not part of it
};
std::vector<CostShare> cost_shares(const CostInputs& inputs, const CostResult& cost);

/// One observed price of renting.
struct Rental {
  Date date;
  std::string vendor;
  std::string_view term;
  HourlyPrice price;
  Dollars total;                     ///< of the run
  std::optional<double> break_even;  ///< share of the year from which on owning is cheaper
};
/// By date, then vendor; break-even needs the cost of ownership.
std::vector<Rental> rentals(const CostInputs& inputs, const CostResult& cost);

/// Hourly cost of ownership by use: a tenth of the year, two tenths, …; empty without cost of ownership.
struct UseCost {
  double utilisation = 0;
  HourlyPrice price;
};
std::vector<UseCost> costs_by_use(const CostInputs& inputs, const CostResult& cost);

/// The run in another year, by one basis of one trend.
struct Projection {
  std::string trend, about, basis;
  double yearly_factor = 1;
  std::optional<Dollars> epoch, cloud, tco;
};
std::vector<Projection> project(const CostResult& cost, int to_year, const std::vector<Trend>& trends);

}  // namespace traingrid

#include "cost/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace traingrid {
namespace {

struct Term {
  std::string_view name;
  std::optional<HourlyPrice> CloudPrice::*price;
};
constexpr std::array kTerms{Term{"on demand", &CloudPrice::on_demand}, Term{"1 year", &CloudPrice::one_year},
                            Term{"3 years", &CloudPrice::three_year}};

/// Parts of one accounting's total.
class SharesOf {
 public:
  SharesOf(std::string_view accounting, Dollars total, std::vector<CostShare>& shares)
      : accounting_(accounting), total_(total), shares_(shares) {}

  void add(std::string_view part, Dollars amount) { shares_.push_back({accounting_, part, amount, amount / total_}); }
  /// What so many final runs take.
  void add_computing(const CostInputs& inputs, const EpochCost& run, double runs) {
    const double server = inputs.epoch.multipliers_of(inputs.economics.family).server_cost;
    add("accelerators", runs * run.hardware / server);
    add("other server parts", runs * run.hardware * (1 - 1 / server));
    add("interconnect", runs * run.interconnect);
    add("energy", runs * run.energy);
  }

 private:
  std::string_view accounting_;
  Dollars total_;
  std::vector<CostShare>& shares_;
};

void add_epoch_shares(const CostInputs& inputs, const EpochCost& epoch, std::vector<CostShare>& shares) {
  SharesOf parts("epoch", epoch.total, shares);
  parts.add_computing(inputs, epoch, 1);
  parts.add("total", epoch.total);
  if (epoch.upfront > Dollars{}) shares.push_back({"epoch", "bought upfront", epoch.upfront, std::nullopt});
}

/// Experiments are like the final run: every part of it grows by them.
void add_development_shares(const CostInputs& inputs, const DevelopmentCost& cost, std::vector<CostShare>& shares) {
  SharesOf parts("development", cost.total, shares);
  parts.add_computing(inputs, cost.final_run, inputs.epoch.development.computing);
  parts.add("staff", cost.staff);
  parts.add("total", cost.total);
  shares.push_back({"development", "of it experiments", cost.experiments, std::nullopt});
}

void add_tco_shares(const TcoCost& tco, std::vector<CostShare>& shares) {
  for (const TcoPart& part : kTcoParts) {
    const Dollars amount = tco.parts.*part.amount;
    if (amount > Dollars{}) shares.push_back({"tco", part.name, amount, amount / tco.total});
  }
  shares.push_back({"tco", "total", tco.total, 1.0});
  if (tco.downtime > Dollars{}) shares.push_back({"tco", "of it lost to downtime", tco.downtime, std::nullopt});
}

}  // namespace

std::vector<CostShare> cost_shares(const CostInputs& inputs, const CostResult& cost) {
  std::vector<CostShare> shares;
  if (cost.epoch) add_epoch_shares(inputs, *cost.epoch, shares);
  if (cost.development) add_development_shares(inputs, *cost.development, shares);
  if (cost.cloud) shares.push_back({"cloud", "total", *cost.cloud, 1.0});
  if (cost.tco) add_tco_shares(*cost.tco, shares);
  return shares;
}

std::vector<Rental> rentals(const CostInputs& inputs, const CostResult& cost) {
  std::vector<Rental> list;
  for (const CloudPrice& offer : inputs.economics.cloud) {
    for (const Term& term : kTerms) {
      const auto price = offer.*term.price;
      if (!price) continue;
      Rental rental{offer.date, offer.vendor, term.name, *price, *price * inputs.run.accelerator_time, std::nullopt};
      if (cost.tco) rental.break_even = break_even(cost.tco->unit, *inputs.ownership, *price);
      list.push_back(std::move(rental));
    }
  }
  std::ranges::stable_sort(list, {}, [](const Rental& rental) { return std::tie(rental.date, rental.vendor); });
  return list;
}

std::vector<UseCost> costs_by_use(const CostInputs& inputs, const CostResult& cost) {
  std::vector<UseCost> list;
  constexpr int kSteps = 10;
  for (int i = 1; cost.tco && i <= kSteps; ++i) {
    const double utilisation = static_cast<double>(i) / kSteps;
    list.push_back({utilisation, hourly_cost(cost.tco->unit, *inputs.ownership, utilisation)});
  }
  return list;
}

std::vector<Projection> project(const CostResult& cost, int to_year, const std::vector<Trend>& trends) {
  std::vector<Projection> list;
  for (const Trend& trend : trends) {
    for (const YearlyFactor& yearly : yearly_factors(trend)) {
      const double factor = std::pow(yearly.factor, to_year - cost.price_year.value_or(to_year));
      Projection projection{.trend = trend.name, .about = trend.about, .basis = yearly.basis};
      projection.yearly_factor = yearly.factor;
      if (cost.epoch) projection.epoch = cost.epoch->total * factor;
      if (cost.cloud) projection.cloud = *cost.cloud * factor;
      if (cost.tco) projection.tco = cost.tco->total * factor;
      list.push_back(std::move(projection));
    }
  }
  return list;
}

}  // namespace traingrid

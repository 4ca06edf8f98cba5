#include "cost/cloud.hpp"

#include "cost/cost.hpp"
#include "cost/dated.hpp"

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

/// A commitment: where its price and its discount stand.
struct Term {
  std::optional<HourlyPrice> CloudPrice::*price;
  double (*discount)(const CommitmentDiscount&);
};
constexpr std::array kTerms{
    Term{&CloudPrice::three_year, [](const CommitmentDiscount& d) { return d.three_year; }},
    Term{&CloudPrice::one_year, [](const CommitmentDiscount& d) { return d.one_year; }},
    Term{&CloudPrice::on_demand, [](const CommitmentDiscount&) { return 0.0; }},
};

std::vector<std::string> vendors_to_try(const Economics& economics, const CostedRun& run,
                                        const EpochAccounting& accounting) {
  if (const auto& only = accounting.rule_of(economics.kind).only_vendor) return {*only};
  std::vector<std::string> vendors{accounting.vendor_of(run.organisation)};
  vendors.insert(vendors.end(), accounting.cloud.vendor_order.begin(), accounting.cloud.vendor_order.end());
  for (const CloudPrice& price : economics.cloud) vendors.push_back(price.vendor);
  return vendors;
}

/// The vendor's latest prices by that day, or else its first after it.
const CloudPrice* closest(const Economics& economics, const std::string& vendor, Date renting) {
  const CloudPrice* best = nullptr;
  for (const CloudPrice& price : economics.cloud) {
    if (price.vendor != vendor) continue;
    if (best == nullptr || stands_rather(price.date, best->date, renting)) best = &price;
  }
  return best;
}

/// From the price of one commitment to that of three years; nothing where the vendor's discounts are not known.
std::optional<double> to_three_years(const Term& term, const std::string& vendor, const EpochAccounting& accounting) {
  if (term.price == &CloudPrice::three_year) return 1.0;
  const auto discount = accounting.cloud.discounts.find(vendor);
  if (discount == accounting.cloud.discounts.end()) return std::nullopt;
  return (1 - discount->second.three_year) / (1 - term.discount(discount->second));
}

}  // namespace

std::optional<HourlyPrice> rental_price(const Economics& economics, const CostedRun& run,
                                        const EpochAccounting& accounting) {
  const Date renting = shifted(run.start, -accounting.cloud.lead);
  for (const Term& term : kTerms) {
    for (const std::string& vendor : vendors_to_try(economics, run, accounting)) {
      const CloudPrice* price = closest(economics, vendor, renting);
      if (!price || !(price->*term.price)) continue;
      if (const auto factor = to_three_years(term, vendor, accounting)) return *(price->*term.price) * *factor;
    }
  }
  return std::nullopt;
}

void add_cloud(const CostInputs& inputs, CostResult& result) {
  const auto price = rental_price(inputs.economics, inputs.run, inputs.epoch);
  if (price) result.cloud = *price * inputs.run.accelerator_time;
}

}  // namespace traingrid

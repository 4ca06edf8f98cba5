#include "cost/epoch_accounting.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

namespace traingrid {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Whether every key has digits where the pattern has 'd', and the pattern's own characters elsewhere.
template <class T>
bool keys_look_like(std::string_view pattern, const std::map<std::string, T>& map) {
  const auto fits = [](char c, char p) { return p == 'd' ? c >= '0' && c <= '9' : c == p; };
  return std::ranges::all_of(map, [&](auto& entry) { return std::ranges::equal(entry.first, pattern, fits); });
}

}  // namespace

void KindRule::describe(Fields& fields) {
  fields.required("acquisition_delay", acquisition_delay, "time from release to the first deliveries", non_negative);
  fields.required("valued_before_acquisition", valued_before_acquisition,
                  "whether a run may start before that day, at the higher value of an earlier day");
  fields.required("power_fraction", power_fraction, "mean power in training, of the server's TDP", positive_fraction);
  fields.optional("only_vendor", only_vendor, "the one cloud vendor that rents them");
}

void FamilyMultipliers::describe(Fields& fields) {
  fields.required("server_cost", server_cost, "price of a share of the server over that of one accelerator", positive);
  fields.required("server_power", server_power, "TDP of a share of the server over that of one accelerator", positive);
}

void CommitmentDiscount::describe(Fields& fields) {
  fields.required("one_year", one_year, "off the on-demand price for one year", fraction);
  fields.required("three_year", three_year, "off the on-demand price for three years", fraction);
  fields.check("one_year", one_year < 1, "a discount of the whole price leaves nothing to compare with");
}

void CloudRules::describe(Fields& fields) {
  fields.required("vendor_of", vendor_of, "vendor by a lower-case part of the organisation's name");
  fields.required("other_vendor", other_vendor, "vendor of all other organisations");
  fields.required("vendor_order", vendor_order, "vendors tried next, where that one has no price");
  fields.required("discounts", discounts, "usual discounts for a commitment, by vendor");
  fields.required("lead", lead, "time from renting to the start of training", non_negative);
}

void DevelopmentRules::describe(Fields& fields) {
  fields.required("computing", computing, "of experiments and final run together, over that of the final run",
                  at_least_one);
  fields.required("time_each", time_each, "that one named as a contributor worked on it, full time", non_negative);
  fields.required("yearly_pay", yearly_pay, "of one in full time, equity and overhead included", non_negative);
}

void PriceIndex::describe(Fields& fields) {
  fields.required("series", series, "which index this is");
  fields.required("months", months, "value by month", positive);
  fields.check("months", keys_look_like("dddd-dd", months), "the keys of 'months' are months such as 2020-05");
}

void EpochAccounting::describe(Fields& fields) {
  fields.required("hardware_progress", hardware_progress, "price-performance trend, in powers of ten per year",
                  positive);
  fields.required("interconnect_share", interconnect_share, "of the network in the cost of a cluster", fraction);
  fields.check("interconnect_share", interconnect_share < 1,
               "'interconnect_share' must leave something for the servers");
  fields.required("gpu", gpu, "rules for GPUs");
  fields.required("tpu", tpu, "rules for TPUs");
  fields.required("families", families, "multipliers from accelerator to server, by family");
  fields.required("other_family", other_family, "multipliers of families that are not listed");
  fields.required("hyperscalers", hyperscalers, "lower-case parts of the names of organisations with the lower PUE");
  fields.required("hyperscaler_pue", hyperscaler_pue, "PUE of hyperscalers", at_least_one);
  fields.required("other_pue", other_pue, "PUE of everybody else", at_least_one);
  fields.required("electricity_price", electricity_price, "price by year", non_negative);
  fields.check("electricity_price", !electricity_price.empty() && keys_look_like("dddd", electricity_price),
               "'electricity_price' needs at least one year, and its keys are years such as 2020");
  fields.required("cloud", cloud, "who rents from whom, and discounts");
  fields.required("publication_lag", publication_lag, "time from the end of training to publication", non_negative);
  fields.required("price_index", price_index, "to compare dollars of different months");
  fields.required("development", development, "what comes beside the final run");
}

const KindRule& EpochAccounting::rule_of(AcceleratorKind kind) const {
  return kind == AcceleratorKind::tpu ? tpu : gpu;
}

const FamilyMultipliers& EpochAccounting::multipliers_of(const std::string& family) const {
  const auto found = families.find(family);
  return found == families.end() ? other_family : found->second;
}

double EpochAccounting::pue_of(const std::string& organisation) const {
  const std::string name = lower(organisation);
  const bool is_hyperscaler = std::ranges::any_of(hyperscalers, [&](auto& part) { return contains(name, part); });
  return is_hyperscaler ? hyperscaler_pue : other_pue;
}

std::string EpochAccounting::vendor_of(const std::string& organisation) const {
  std::string vendor = cloud.other_vendor;
  std::istringstream names(lower(organisation));
  for (std::string name; std::getline(names, name, ',');) {
    const auto rule = std::ranges::find_if(cloud.vendor_of, [&](auto& entry) { return contains(name, entry.first); });
    if (rule != cloud.vendor_of.end()) vendor = rule->second;
  }
  return vendor;
}

EnergyPrice EpochAccounting::electricity_price_in(int calendar_year) const {
  const auto later = electricity_price.upper_bound(std::to_string(calendar_year));
  return later == electricity_price.begin() ? later->second : std::prev(later)->second;
}

}  // namespace traingrid

#include "cost/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

constexpr Range kChange{.low = -1, .low_excluded = true, .text = "above -1: -0.57 is 57 % less"};

bool is_year(const std::string& text) {
  return text.size() == 4 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

double observed_factor(const std::map<std::string, Dollars>& observed) {
  const auto& [first, from] = *observed.begin();
  const auto& [last, to] = *observed.rbegin();
  return std::pow(to / from, 1.0 / (std::stoi(last) - std::stoi(first)));
}

std::string names_of(const std::map<std::string, TrendComponent>& components) {
  std::string names;
  for (const auto& [name, _] : components) names += (names.empty() ? "" : " and ") + name;
  return names;
}

}  // namespace

double wright(double growth, double learning_rate) { return std::pow(growth, std::log2(1 - learning_rate)); }

void TrendComponent::describe(Fields& fields) {
  fields.optional("yearly_change", yearly_change, "change per year, -0.57 for 57 % less", kChange);
  fields.optional("powers_of_ten", powers_of_ten, "change per year, in powers of ten");
  fields.optional("learning_rate", learning_rate, "taken off by every doubling of all units ever made (Wright's law)",
                  fraction);
  fields.optional("yearly_growth", yearly_growth, "growth of all units ever made per year, for the learning rate",
                  non_negative);
  const int ways = int(yearly_change.has_value()) + int(powers_of_ten.has_value()) + int(learning_rate.has_value());
  fields.check("yearly_change", ways == 1,
               "a component needs exactly one of 'yearly_change', 'powers_of_ten' and 'learning_rate'");
  fields.check("yearly_growth", yearly_growth.has_value() == learning_rate.has_value(),
               "'learning_rate' and 'yearly_growth' need each other");
  fields.check("learning_rate", !learning_rate || *learning_rate < 1, "a learning rate of 1 leaves no cost");
}

double TrendComponent::yearly_factor() const {
  if (yearly_change) return 1 + *yearly_change;
  if (powers_of_ten) return std::pow(10, *powers_of_ten);
  return wright(1 + *yearly_growth, *learning_rate);
}

void TrendStatement::describe(Fields& fields) {
  fields.required("label", label, "what the figure is called");
  fields.required("yearly_change", yearly_change, "change per year, -0.57 for 57 % less", kChange);
}

void Trend::describe(Fields& fields) {
  fields.required("name", name, "name of the trend, for people");
  fields.required("about", about, "the cost of what");
  fields.optional("components", components, "causes whose factors multiply");
  fields.optional("stated", stated, "what is said of the whole: a rounded figure, an interval");
  fields.optional("observed", observed, "costs by year", positive);
  const bool dated = std::ranges::all_of(observed, [](const auto& entry) { return is_year(entry.first); });
  fields.check("observed", dated && observed.size() != 1, "'observed' needs two years or more, such as 2020");
  fields.check("components", !components.empty() || !stated.empty() || !observed.empty(),
               "a trend needs 'components', 'stated' or 'observed'");
}

std::vector<YearlyFactor> yearly_factors(const Trend& trend) {
  std::vector<YearlyFactor> factors;
  if (!trend.components.empty()) {
    double product = 1;
    for (const auto& [_, component] : trend.components) product *= component.yearly_factor();
    const std::string names = names_of(trend.components);
    factors.push_back({trend.components.size() > 1 ? "product of " + names : names, product});
  }
  if (!trend.observed.empty()) {
    factors.push_back({fmt::format("observed {} to {}", trend.observed.begin()->first, trend.observed.rbegin()->first),
                       observed_factor(trend.observed)});
  }
  for (const TrendStatement& statement : trend.stated)
    factors.push_back({statement.label, 1 + statement.yearly_change});
  return factors;
}

}  // namespace traingrid

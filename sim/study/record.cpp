#include "study/record.hpp"

#include "study/measured_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace traingrid {
namespace {

/// Names of one field, the one that formulas use first.
using Names = std::array<std::string_view, 4>;
constexpr std::array kNames{
    Names{"n_chips", "n_gpus", "gpus", "n_accelerators"},
    Names{"wall_days", "days", "training_days"},
    Names{"hours", "wall_hours", "training_hours"},
    Names{"accel_hours", "gpu_hours", "chip_hours", "a100_hours"},
    Names{"avg_system_power_w_per_chip", "system_avg_w_per_chip", "avg_power_w", "avg_power_w_per_chip"},
    Names{"tdp_w", "gpu_tdp_w"},
    Names{"grid_kgco2e_per_kwh", "grid", "carbon_intensity_kg_per_kwh"},
    Names{"energy_mwh", "mwh"},
    Names{"cost_usd_per_gpu_hour", "usd_per_gpu_hour"},
};

const Names* names_of(std::string_view field) {
  const auto found =
      std::ranges::find_if(kNames, [&](const Names& names) { return std::ranges::find(names, field) != names.end(); });
  return found == kNames.end() ? nullptr : &*found;
}

std::vector<std::string_view> missing(const Formula& formula, const Record& record) {
  std::vector<std::string_view> names;
  for (const Product& product : formula.sum) {
    for (const auto* fields : {&product.times, &product.over}) {
      for (const std::string_view name : *fields)
        if (!record.number(name) && std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

std::optional<double> evaluate(const Product& product, const Record& record) {
  double value = product.scale;
  for (const auto* fields : {&product.times, &product.over}) {
    for (const std::string_view name : *fields) {
      const auto number = record.number(name);
      if (!number) return std::nullopt;
      value *= fields == &product.times ? *number : 1 / *number;
    }
  }
  return value;
}

}  // namespace

const Node* Record::node(std::string_view name) const { return field(*node_, name); }

std::optional<double> Record::number(std::string_view name) const {
  if (const auto own = number_field(*node_, name)) return own;
  if (const Names* names = names_of(name)) {
    for (const std::string_view other : *names) {
      const auto number = other.empty() ? std::nullopt : number_field(*node_, other);
      if (number) return number;
    }
  }
  const auto taken = std::ranges::find(assumed_, canonical(name), &std::pair<std::string_view, double>::first);
  return taken == assumed_.end() ? std::nullopt : std::optional{taken->second};
}

std::optional<double> Record::middle(std::string_view name) const {
  const std::vector<double> range = numbers_of(node(name));
  return range.size() == 2 ? std::optional{(range[0] + range[1]) / 2} : number(name);
}

std::string Record::text(std::string_view name) const { return text_field(*node_, name); }

std::vector<std::string> Record::fields() const {
  std::vector<std::string> names;
  for (const Entry& entry : node_->entries) names.push_back(entry.key);
  return names;
}

std::string_view canonical(std::string_view field) {
  const Names* names = names_of(field);
  return names == nullptr ? field : names->front();
}

double rounding_of(double number) {
  const std::string text = fmt::format("{:.9f}", number);
  const auto last = text.find_last_not_of('0'), point = text.find('.');
  const double decimals = last > point ? static_cast<double>(last - point) : 0;
  return 0.5 * std::pow(10, -decimals) / number;
}

std::optional<double> evaluate(const Formula& formula, const Record& record) {
  double sum = 0;
  for (const Product& product : formula.sum) {
    const auto part = evaluate(product, record);
    if (!part) return std::nullopt;
    sum += *part;
  }
  return sum;
}

std::optional<double> first_answer(std::span<const Formula> formulas, std::string_view target, const Record& record) {
  for (const Formula& formula : formulas) {
    if (canonical(formula.target) != canonical(target)) continue;
    if (const auto answer = evaluate(formula, record)) return answer;
  }
  return std::nullopt;
}

std::string missing_fields(std::span<const Formula> formulas, const Record& record) {
  std::string best;
  std::size_t fewest = 0;
  for (const Formula& formula : formulas) {
    if (!record.number(formula.target)) continue;
    const auto names = missing(formula, record);
    if (!best.empty() && names.size() >= fewest) continue;
    fewest = names.size();
    best = fmt::format("'{}' follows from its other fields only with '{}'", formula.target, fmt::join(names, "', '"));
  }
  return best;
}

}  // namespace traingrid

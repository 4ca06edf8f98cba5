#include "study/record.hpp"

#include "study/measured_fields.hpp"
#include "units/text.hpp"

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

/// Counts and ratings are what they are printed as.
constexpr std::array<std::string_view, 8> kExact{"n_chips",     "n_nodes", "global_batch_seqs", "seq_len", "tdp_w",
                                                 "power_cap_w", "hidden",  "n_layers"};

std::optional<Derived> evaluate(const Product& product, const Record& record) {
  Derived derived{.value = product.scale};
  for (const auto* fields : {&product.times, &product.over}) {
    for (const std::string_view name : *fields) {
      const auto number = record.number(name);
      if (!number) return std::nullopt;
      derived.value *= fields == &product.times ? *number : 1 / *number;
      derived.rounding += record.rounding(name);
    }
  }
  return derived;
}

std::string_view without_suffix(std::string_view field) {
  constexpr std::string_view kMemory = "_recalled";
  if (field.ends_with(kMemory)) field.remove_suffix(kMemory.size());
  return field;
}

/// Decimals of a printed number: 1 of "7.5", -21 of "3.14e+23".
double decimals_of(std::string_view printed) {
  const auto exponent = printed.find_first_of("eE");
  const std::string_view digits = printed.substr(0, exponent);
  const auto point = digits.find('.');
  const double decimals = point == std::string_view::npos ? 0 : static_cast<double>(digits.size() - point - 1);
  if (exponent == std::string_view::npos) return decimals;
  return decimals - parse_number(printed.substr(exponent + (printed[exponent + 1] == '+' ? 2 : 1))).value_or(0);
}

}  // namespace

const Node* Record::node(std::string_view name) const { return field(*node_, name); }

std::string Record::name_of(std::string_view field) const {
  std::vector<std::string_view> candidates{field};
  if (const Names* names = names_of(field)) candidates.insert(candidates.end(), names->begin(), names->end());
  for (const std::string_view suffix : {"", "_recalled"}) {
    for (const std::string_view candidate : candidates) {
      const std::string name = fmt::format("{}{}", candidate, suffix);
      if (!candidate.empty() && number_field(*node_, name)) return name;
    }
  }
  return "";
}

std::optional<double> Record::number(std::string_view name) const {
  if (const std::string own = name_of(name); !own.empty()) return number_field(*node_, own);
  const auto taken = std::ranges::find(assumed_, canonical(name), &std::pair<std::string_view, double>::first);
  return taken == assumed_.end() ? std::nullopt : std::optional{taken->second};
}

double Record::rounding(std::string_view name) const {
  const std::string own = name_of(name);
  return own.empty() || std::ranges::find(kExact, canonical(name)) != kExact.end() ? 0 : rounding_of(text(own));
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
  field = without_suffix(field);
  const Names* names = names_of(field);
  return names == nullptr ? field : names->front();
}

double rounding_of(std::string_view printed) {
  const auto number = parse_number(printed);
  return number && *number > 0 ? 0.5 * std::pow(10, -decimals_of(printed)) / *number : 0;
}

double printed_as(double number, std::string_view printed) {
  const double scale = std::pow(10, decimals_of(printed));
  return std::round(number * scale) / scale;
}

std::optional<Derived> evaluate(const Formula& formula, const Record& record) {
  Derived sum;
  for (const Product& product : formula.sum) {
    const auto part = evaluate(product, record);
    if (!part) return std::nullopt;
    sum.value += part->value;
    sum.rounding += part->value * part->rounding;
  }
  sum.rounding /= sum.value;
  return sum;
}

std::optional<Derived> first_answer(std::span<const Formula> formulas, std::string_view target, const Record& record) {
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

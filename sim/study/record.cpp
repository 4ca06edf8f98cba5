#include "study/record.hpp"

#include "study/measured_fields.hpp"

namespace traingrid {
namespace {

std::optional<double> evaluate(const Product& product, const Record& record) {
  double value = product.scale;
  for (const std::string_view name : product.times) {
    const auto number = record.number(name);
    if (!number) return std::nullopt;
    value *= *number;
  }
  for (const std::string_view name : product.over) {
    const auto number = record.number(name);
    if (!number) return std::nullopt;
    value /= *number;
  }
  return value;
}

}  // namespace

const Node* Record::node(std::string_view name) const { return field(*node_, name); }

std::optional<double> Record::number(std::string_view name) const { return number_field(*node_, name); }

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

std::optional<double> evaluate(const Formula& formula, const Record& record) {
  double sum = 0;
  for (const Product& product : formula.sum) {
    const auto value = evaluate(product, record);
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum;
}

std::optional<double> first_answer(std::span<const Formula> formulas, std::string_view target, const Record& record) {
  for (const Formula& formula : formulas) {
    if (formula.target != target) continue;
    if (const auto value = evaluate(formula, record)) return value;
  }
  return std::nullopt;
}

}  // namespace traingrid

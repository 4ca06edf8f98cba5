// A row of published measurements: its fields by name, and answers that are products of its own fields.
#pragma once

#include "input/node.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traingrid {

/// Fields of a mapping. Absent and null are the same; numbers are above zero. Some fields have several names, and one
/// that is known from memory alone ends in "_recalled".
class Record {
 public:
  explicit Record(const Node& node) : node_(&node) {}

  /// Under this name or another one of the same field; else what is taken for it.
  std::optional<double> number(std::string_view name) const;
  /// By how much the number may be off for its printed digits, relative; 0 of counts, ratings and what is taken.
  double rounding(std::string_view name) const;
  /// What is taken for a field that the row does not state, as a rating that its accelerator has in the catalogue.
  void assume(std::string_view field, double value) { assumed_.emplace_back(field, value); }
  /// Of a list of two numbers, their mean; of one number, itself.
  std::optional<double> middle(std::string_view name) const;
  std::string text(std::string_view name) const;
  /// A mapping or a list under the field, or null.
  const Node* node(std::string_view name) const;
  std::vector<std::string> fields() const;

 private:
  /// The name under which the row holds the field; empty if it does not.
  std::string name_of(std::string_view field) const;

  const Node* node_;
  std::vector<std::pair<std::string_view, double>> assumed_;
};

/// The name under which formulas know a field.
std::string_view canonical(std::string_view field);

/// By how much a printed number may differ from what was rounded to it, relative: half a unit of its last digit.
/// Zeros before the point count as digits.
double rounding_of(std::string_view printed);

/// The number with as many digits as the printed one.
double printed_as(double number, std::string_view printed);

/// scale × times[0] × times[1] … / over[0] / over[1] …; the fields must all be there.
struct Product {
  double scale = 1;
  std::vector<std::string_view> times;
  std::vector<std::string_view> over{};
};

/// A field as a sum of products of other fields.
struct Formula {
  std::string_view target;
  std::vector<Product> sum;
};

/// What a formula gives, and by how much it may be off, relative, for the digits of its fields.
struct Derived {
  double value = 0, rounding = 0;
};

/// Nothing where a field of it is missing.
std::optional<Derived> evaluate(const Formula& formula, const Record& record);

/// The first formula of the target whose fields the record has, evaluated.
std::optional<Derived> first_answer(std::span<const Formula> formulas, std::string_view target, const Record& record);

/// Which fields the row would have to state for one of its fields to be a product of others; empty if none could be.
std::string missing_fields(std::span<const Formula> formulas, const Record& record);

}  // namespace traingrid

// How costs change with time: components whose product is the whole, Wright's law among them, and what was observed.
// Values in platforms/accounting/trends/*.yaml.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// Wright 1936: the share of its cost that a unit keeps while all units ever made grow by the factor `growth`, if every
/// doubling takes `learning_rate` off it.
double wright(double growth, double learning_rate);

/// A cause of change, in exactly one of three forms.
struct TrendComponent {
  std::optional<double> yearly_change;  ///< −0.57: 57 % less every year
  std::optional<double> powers_of_ten;  ///< per year
  std::optional<double> learning_rate;  ///< per doubling of all units ever made, with their …
  std::optional<double> yearly_growth;  ///< … growth per year: 1.0 doubles them
  void describe(Fields& fields);
  double yearly_factor() const;
};

/// What a publication says of the whole.
struct TrendStatement {
  std::string label;  ///< "quoted", "low (95 % interval of version 1)"
  double yearly_change = 0;
  void describe(Fields& fields);
};

struct Trend {
  std::string name;
  std::string about;  ///< the cost of what: "the same training", "the largest training of the year"
  std::map<std::string, TrendComponent> components;
  std::vector<TrendStatement> stated;
  std::map<std::string, Dollars> observed;  ///< by year
  void describe(Fields& fields);
};

/// A yearly factor and where it comes from.
struct YearlyFactor {
  std::string basis;  ///< "product of hardware and software", "observed 2020 to 2022", "quoted"
  double factor = 1;
};

/// The product of the components, then what was observed from the first year to the last, then what is stated.
std::vector<YearlyFactor> yearly_factors(const Trend& trend);

}  // namespace traingrid

// Trainings of which only what accountings need is known: hardware, hours and dates, not what was trained and how.
#pragma once

#include "cluster/price.hpp"
#include "cost/epoch.hpp"
#include "input/fields.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct CostCase {
  std::string name;
  std::vector<std::string> also;  ///< other names of the same
  Economics hardware;             ///< accelerators, by a name of platforms/accounting/hardware
  std::optional<Date> start;      ///< publication less duration and the usual lag if absent
  Date publication;
  std::string organisation;
  double accelerators = 0;  ///< 0 if unknown; the start is needed then
  double contributors = 0;  ///< named as such; 0 if unknown
  Seconds accelerator_hours;
  bool competition = false;  ///< an entry of one, not a training of its day's largest
  void describe(Fields& fields);

  CostedRun costed(const EpochAccounting& accounting) const;
};

struct CostCases {
  std::vector<CostCase> cases;
  void describe(Fields& fields);
};

/// Whether two names differ in nothing but case, spaces and signs: "GPT-4" and "gpt 4".
bool same_name(std::string_view a, std::string_view b);

/// The case of that name; null if there is none.
const CostCase* find_case(const std::vector<CostCase>& cases, std::string_view name);

}  // namespace traingrid

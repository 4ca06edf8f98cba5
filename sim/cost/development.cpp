#include "cost/cost.hpp"

namespace traingrid {

void add_development(const CostInputs& inputs, CostResult& result) {
  const CostedRun& run = inputs.run;
  if (!result.epoch || run.contributors <= 0) return;
  const DevelopmentRules& rules = inputs.epoch.development;
  DevelopmentCost cost{.final_run = *result.epoch};
  cost.experiments = (rules.computing - 1) * cost.final_run.total;
  cost.staff = run.contributors * (rules.time_each / year) * rules.yearly_pay;
  cost.total = cost.final_run.total + cost.experiments + cost.staff;
  result.development = cost;
}

}  // namespace traingrid

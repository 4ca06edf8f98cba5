// Accountings, trends and cases of the catalogue, for commands about costs.
#pragma once

#include "cost/cost_case.hpp"
#include "cost/trend.hpp"
#include "input/inputs.hpp"
#include "study/validate_records.hpp"

#include <vector>

namespace traingrid {

/// All of the catalogue, files in the order of their names. Problems stay in the inputs: finish() them.
std::vector<CostCase> load_cases(Inputs& inputs);
std::vector<Trend> load_trends(Inputs& inputs);
/// `sets` as typed: keys of the accounting.
EpochAccounting load_accounting(Inputs& inputs, const std::vector<std::string>& sets = {});

/// What published rows are compared with. Its simulations read further files through `inputs`, which must outlive it.
RecordContext load_record_context(Inputs& inputs);

}  // namespace traingrid

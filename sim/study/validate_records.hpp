// Published energies, water, costs and powers against ours. An answer is *accounting* if it is a product of fields of
// the row, or of the very rules and data that made its column; *simulated* if a run, a server or the cost of a case of
// the catalogue is computed for it; everything else is *listed* with the reason. Kinds are never averaged together.
#pragma once

#include "cost/cost_case.hpp"
#include "cost/epoch_accounting.hpp"
#include "input/node.hpp"
#include "input/problems.hpp"
#include "study/comparison.hpp"
#include "study/record.hpp"
#include "study/reference_systems.hpp"
#include "study/result.hpp"
#include "study/validate_steps.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

inline constexpr std::string_view kAccountingRow = "accounting", kSimulatedRow = "simulated", kListedRow = "listed";

/// What of a row says which run of the catalogue it is about.
struct RunQuery {
  std::string model, accelerator;
  friend auto operator<=>(const RunQuery&, const RunQuery&) = default;
};

struct RecordContext {
  std::vector<CostCase> cases;
  EpochAccounting accounting;
  ReferenceSystems systems;
  std::function<std::optional<Result>(const RunQuery&)> simulate;  ///< none if the catalogue has no such run
  StepValidation steps;                                            ///< for rows that state their model and layout
  std::string calibrated_on;                                       ///< names of rows, anywhere in the text
};

/// The comparisons of one row.
std::vector<Comparison> validate_energy(const Node& row, const RecordContext& context);
std::vector<Comparison> validate_water(const Node& row, const RecordContext& context);
std::vector<Comparison> validate_cost(const Node& row, const RecordContext& context);
std::vector<Comparison> validate_power(const Node& row, const RecordContext& context);

using RowValidation = std::vector<Comparison> (*)(const Node& row, const RecordContext& context);

/// All rows of a file with `records`, in its order, and each field that should hold an amount, as its unit says, and
/// holds a text or a number below zero. What is no such file is a problem.
std::vector<Comparison> validate_records(const Node& file, RowValidation compare, const RecordContext& context,
                                         Problems& problems);

/// A number of a row that was answered; its field is both quantity and published value.
Comparison answered(std::string_view kind, std::string_view field, double published, double value);
/// One that follows from others of the row, or from the rules that made its column: with as many digits as it is
/// printed with, and with a comment where it is off.
Comparison accounted(std::string_view field, const Record& record, const Derived& derived);
/// Fields of a row about a case that Epoch AI's rules answer, or a product of its fields.
std::vector<Comparison> validate_case(const Node& row, const RecordContext& context);
/// A row that nothing answers.
Comparison listed(std::string_view reason);

}  // namespace traingrid

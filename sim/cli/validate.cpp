#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "input/inputs.hpp"
#include "input/spelling.hpp"
#include "report/listing.hpp"
#include "study/validate_collectives.hpp"
#include "study/validate_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

namespace traingrid {
namespace {

struct ValidateOptions {
  std::vector<std::string> kinds, rows;
  std::string format = "table";
  std::optional<std::string> suite, catalogue, output;
};

Value value_of(const std::optional<double>& number) { return number ? Value(*number) : Value(); }
Value value_of(const std::string& text) { return text.empty() ? Value() : Value(text); }

Listing rows_listing(const std::vector<Comparison>& rows) {
  Listing listing{.key = "rows",
                  .title = "by row",
                  .columns = {{"id", "row"},
                              {"suite", "suite"},
                              {"quantity", "quantity"},
                              {"published", "published"},
                              {"simulated", "simulated"},
                              {"error_pct", "error (%)"},
                              {"calibration", "calibration"},
                              {"algorithm", "algorithm"},
                              {"reason", "reason"}}};
  for (const Comparison& row : rows) {
    listing.rows.push_back({row.id, row.suite, row.quantity, row.published > 0 ? Value(row.published) : Value(),
                            value_of(row.simulated), value_of(row.error()), row.calibration, value_of(row.algorithm),
                            value_of(row.reason)});
  }
  return listing;
}

Listing suites_listing(const std::vector<SuiteSummary>& suites) {
  Listing listing{.key = "suites",
                  .title = "by suite",
                  .columns = {{"suite", "suite"},
                              {"quantity", "quantity"},
                              {"rows", "rows"},
                              {"simulated_rows", "simulated"},
                              {"mean_abs_error_pct", "mean |error| (%)"},
                              {"worst_abs_error_pct", "worst (%)"},
                              {"bias_pct", "bias (%)"},
                              {"rank_correlation", "rank correlation"}}};
  for (const SuiteSummary& suite : suites) {
    listing.rows.push_back({suite.suite, suite.quantity, std::int64_t{suite.rows}, std::int64_t{suite.simulated_rows},
                            value_of(suite.mean_abs_error), value_of(suite.worst_abs_error), value_of(suite.bias),
                            value_of(suite.rank_correlation)});
  }
  return listing;
}

/// Constants that were fitted say to which rows.
std::string fitted_rows(const std::vector<ConstantRead>& constants) {
  std::string text;
  for (const ConstantRead& constant : constants) text += constant.calibrated_on + '\n';
  return text;
}

void keep_suite(std::vector<Comparison>& rows, const std::string& suite) {
  std::vector<std::string> known;
  for (const Comparison& row : rows) {
    if (std::ranges::find(known, row.suite) == known.end()) known.push_back(row.suite);
  }
  std::erase_if(rows, [&](const Comparison& row) { return row.suite != suite; });
  if (rows.empty()) throw InputError(fmt::format("--suite: {}", suggestion(suite, known, "suites")));
}

template <Described T>
T entry(Inputs& inputs, std::string_view folder, const std::string& name) {
  Document document = inputs.open<T>(folder, name);
  return inputs.read<T>(document);
}

template <Described T>
std::map<std::string, T> all_entries(Inputs& inputs, std::string_view folder) {
  std::map<std::string, T> entries;
  for (const std::string& name : inputs.catalogue().names(*find_folder(folder)))
    entries.emplace(name, entry<T>(inputs, folder, name));
  return entries;
}

/// Compares all rows of the files asked for, or of these of the catalogue.
template <class Context, class Compare>
std::vector<Comparison> compared(const ValidateOptions& options, const std::vector<std::string>& usual, Inputs& inputs,
                                 const Context& context, Compare compare) {
  std::vector<Node> trees;
  for (const std::string& file : options.rows.empty() ? usual : options.rows)
    trees.push_back(inputs.load(*find_folder("measurements"), file, Mark{}));
  inputs.finish();
  std::vector<Comparison> rows;
  for (const Node& tree : trees) {
    const auto more = compare(tree, context, inputs.problems());
    rows.insert(rows.end(), more.begin(), more.end());
  }
  inputs.finish();
  return rows;
}

std::vector<Comparison> collectives(const ValidateOptions& options, Inputs& inputs) {
  CollectiveValidation context{.testbed = entry<Testbed>(inputs, "testbeds", "nccl-tests"),
                               .library = entry<Library>(inputs, "collectives", "nccl")};
  context.calibrated_on = fitted_rows(inputs.constants());
  return compared(options, {"collectives"}, inputs, context, validate_collectives);
}

std::vector<Comparison> steps(const ValidateOptions& options, Inputs& inputs) {
  StepValidation context{.resolve = {.systems = entry<StepSystems>(inputs, "systems", "training-steps"),
                                     .software = all_entries<Software>(inputs, "software")},
                         .libraries = all_entries<Library>(inputs, "collectives")};
  context.calibrated_on = fitted_rows(inputs.constants());
  context.suite = options.suite;
  return compared(options, {"steps", "steps-vtrain"}, inputs, context, validate_steps);
}

/// What can be validated: one line each.
struct Validation {
  std::string_view name;
  std::vector<Comparison> (*compare)(const ValidateOptions& options, Inputs& inputs);
};
constexpr std::array kValidations{Validation{"collectives", collectives}, Validation{"steps", steps}};

const Validation& validation_of(const ValidateOptions& options) {
  if (options.kinds.empty()) return kValidations.front();
  const auto* found = std::ranges::find(kValidations, options.kinds.front(), &Validation::name);
  if (found != kValidations.end()) return *found;
  std::vector<std::string> names;
  for (const Validation& known : kValidations) names.emplace_back(known.name);
  throw InputError(fmt::format("there is nothing to validate called '{}'; {}", options.kinds.front(),
                               suggestion(options.kinds.front(), names, "validations")));
}

std::string command_line(const ValidateOptions& options, std::string_view name) {
  std::string text = fmt::format("traingrid validate {}", name);
  if (options.suite) text += fmt::format(" --suite {}", *options.suite);
  for (const std::string& file : options.rows) text += fmt::format(" --rows {}", file);
  return text;
}

}  // namespace

Outcome validate_command(std::span<const std::string> words) {
  Outcome outcome;
  ValidateOptions options;
  Arguments arguments("validate", "[WHAT]",
                      "Simulates what was measured and compares: one line per published number, and each suite in\n"
                      "short. WHAT is collectives or steps.");
  arguments.value("suite", "S", "rows of this suite only", options.suite);
  arguments.list("rows", "FILE", "measurements of your own, instead of those of the catalogue", options.rows);
  arguments.value("format", "F", "table, json, csv, markdown, latex (default: table)", options.format);
  arguments.value("catalogue", "DIR", "where names are looked up first", options.catalogue);
  arguments.value("output", "FILE", "write the answer there", options.output);
  arguments.operands(options.kinds, 0, 1);
  if (!arguments.parse(words)) return {.out = arguments.help()};
  check_format(options.format);

  const Validation& validation = validation_of(options);
  Inputs inputs(Catalogue::standard(options.catalogue));
  std::vector<Comparison> rows = validation.compare(options, inputs);
  if (options.suite) keep_suite(rows, *options.suite);
  const ListingReport report{.schema = "traingrid.validation/1",
                             .title = fmt::format("{}: published and simulated", validation.name),
                             .listings = {rows_listing(rows), suites_listing(summarise(rows))},
                             .version = TRAINGRID_VERSION,
                             .command = command_line(options, validation.name),
                             .inputs = inputs.opened()};
  deliver(write_listings(report, options.format), options.output, outcome);
  return outcome;
}

}  // namespace traingrid

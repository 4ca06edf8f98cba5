#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/load_cases.hpp"
#include "cli/options.hpp"
#include "cli/step_listings.hpp"
#include "input/inputs.hpp"
#include "input/spelling.hpp"
#include "report/listing.hpp"
#include "study/measured_fields.hpp"
#include "study/validate_collectives.hpp"
#include "study/validate_records.hpp"
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
  bool uncalibrated = false, features = false, memory = false;
};

/// What the rows of a validation differ in, beside suite and quantity.
enum class Kinds { none, steps, answers };

/// Something that can be validated.
struct Validation {
  std::string_view name;
  std::vector<Comparison> (*compare)(const ValidateOptions& options, Inputs& inputs);
  Kinds rows = Kinds::none;
};

Value value_of(const std::optional<double>& number) { return number ? Value(*number) : Value(); }
Value value_of(const std::string& text) { return text.empty() ? Value() : Value(text); }

Listing rows_listing(const std::vector<Comparison>& rows, const Validation& validation) {
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
  const bool answers = validation.rows == Kinds::answers, steps = validation.rows == Kinds::steps;
  if (answers || steps) listing.columns.push_back({"kind", "kind"});
  if (answers) listing.columns.push_back({"rounding_pct", "rounding (%)"});
  if (answers) listing.columns.push_back({"comment", "comment"});
  if (steps) listing.columns.push_back({"assumed", "assumed"});
  for (const Comparison& row : rows) {
    listing.rows.push_back({row.id, row.suite, value_of(row.quantity),
                            row.published > 0 ? Value(row.published) : Value(), value_of(row.simulated),
                            value_of(row.error()), row.calibration, value_of(row.algorithm), value_of(row.reason)});
    if (answers || steps) listing.rows.back().emplace_back(row.kind);
    if (answers) listing.rows.back().push_back(value_of(row.rounding));
    if (answers) listing.rows.back().push_back(value_of(row.comment));
    if (steps) listing.rows.back().push_back(value_of(row.assumed));
  }
  return listing;
}

Listing suites_listing(std::string_view key, std::string_view title, const std::vector<SuiteSummary>& suites,
                       bool with_kinds) {
  Listing listing{.key = std::string(key),
                  .title = std::string(title),
                  .columns = {{"suite", "suite"},
                              {"quantity", "quantity"},
                              {"rows", "rows"},
                              {"simulated_rows", "simulated"},
                              {"mean_abs_error_pct", "mean |error| (%)"},
                              {"worst_abs_error_pct", "worst (%)"},
                              {"bias_pct", "bias (%)"},
                              {"rank_correlation", "rank correlation"}}};
  if (with_kinds) listing.columns.push_back({"kind", "kind"});
  for (const SuiteSummary& suite : suites) {
    listing.rows.push_back({suite.suite, suite.quantity, std::int64_t{suite.rows}, std::int64_t{suite.simulated_rows},
                            value_of(suite.mean_abs_error), value_of(suite.worst_abs_error), value_of(suite.bias),
                            value_of(suite.rank_correlation)});
    if (with_kinds) listing.rows.back().emplace_back(suite.kind);
  }
  return listing;
}

/// Kinds of answers, never averaged together, with how many are off by more than 0.1 % and the rounding of what was
/// published.
Listing kinds_listing(std::vector<Comparison> rows) {
  for (Comparison& row : rows) {
    row.suite = row.kind;
    row.quantity.clear();
  }
  const std::vector<SuiteSummary> kinds = summarise(rows);
  Listing listing = suites_listing("kinds", "by kind of answer", kinds, false);
  listing.columns.push_back({"beyond_rounding", "beyond rounding"});
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    listing.rows[i].emplace_back(std::int64_t{std::ranges::count_if(
        rows, [&](const Comparison& row) { return row.kind == kinds[i].suite && row.beyond_rounding(); })});
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

/// How training steps are resolved and simulated.
StepValidation step_validation(Inputs& inputs) {
  StepValidation context{.resolve = {.systems = entry<StepSystems>(inputs, "systems", "training-steps"),
                                     .software = all_entries<Software>(inputs, "software"),
                                     .models = all_entries<Model>(inputs, "models")},
                         .libraries = all_entries<Library>(inputs, "collectives")};
  return context;
}

std::vector<Comparison> steps(const ValidateOptions& options, Inputs& inputs) {
  StepValidation context = step_validation(inputs);
  context.calibrated = !options.uncalibrated;
  context.suite = options.suite;
  return compared(options, {"steps", "steps-vtrain"}, inputs, context, validate_steps);
}

/// What is said of training steps without simulating them.
Listing listed_steps(const ValidateOptions& options, Inputs& inputs) {
  std::vector<MeasuredStep> steps;
  const auto resolve = [&](const Node& file, const StepValidation& context, Problems& problems) {
    for (const Node* record : records_of(file, problems)) steps.push_back(measured_step(*record, context.resolve));
    return std::vector<Comparison>{};
  };
  compared(options, {"steps", "steps-vtrain"}, inputs, step_validation(inputs), resolve);
  if (options.suite) std::erase_if(steps, [&](const MeasuredStep& step) { return step.suite != *options.suite; });
  return options.features ? features_listing(steps) : memory_listing(steps);
}

/// Rows of energies, water, costs or powers.
template <RowValidation compare_row>
std::vector<Comparison> records(const ValidateOptions& options, std::string_view usual, Inputs& inputs) {
  RecordContext context = load_record_context(inputs);
  context.steps = step_validation(inputs);
  return compared(options, {std::string(usual)}, inputs, context,
                  [](const Node& file, const RecordContext& with, Problems& problems) {
                    return validate_records(file, compare_row, with, problems);
                  });
}
std::vector<Comparison> energy(const ValidateOptions& options, Inputs& inputs) {
  return records<validate_energy>(options, "whole_runs", inputs);
}
std::vector<Comparison> water(const ValidateOptions& options, Inputs& inputs) {
  return records<validate_water>(options, "water", inputs);
}
std::vector<Comparison> cost(const ValidateOptions& options, Inputs& inputs) {
  return records<validate_cost>(options, "cost", inputs);
}
std::vector<Comparison> power(const ValidateOptions& options, Inputs& inputs) {
  return records<validate_power>(options, "power", inputs);
}

constexpr std::array kValidations{
    Validation{"collectives", collectives},       Validation{"steps", steps, Kinds::steps},
    Validation{"energy", energy, Kinds::answers}, Validation{"water", water, Kinds::answers},
    Validation{"cost", cost, Kinds::answers},     Validation{"power", power, Kinds::answers},
};

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
  if (options.uncalibrated) text += " --uncalibrated";
  for (const std::string& file : options.rows) text += fmt::format(" --rows {}", file);
  return text;
}

}  // namespace

Outcome validate_command(std::span<const std::string> words) {
  Outcome outcome;
  ValidateOptions options;
  Arguments arguments("validate", "[WHAT]",
                      "Simulates what was measured and compares: one line per published number, and each suite in\n"
                      "short. WHAT is collectives, steps, energy, water, cost or power.");
  arguments.value("suite", "S", "rows of this suite only", options.suite);
  arguments.list("rows", "FILE", "measurements of your own, instead of those of the catalogue", options.rows);
  arguments.flag("uncalibrated", "constants as they were before any was fitted to training steps",
                 options.uncalibrated);
  arguments.flag("features", "what was run of each training step, as `run` looks for the nearest; simulates nothing",
                 options.features);
  arguments.flag("memory", "what each training step held in memory by our count; simulates nothing", options.memory);
  arguments.value("format", "F", "table, json, csv, markdown, latex (default: table)", options.format);
  arguments.value("catalogue", "DIR", "where names are looked up first", options.catalogue);
  arguments.value("output", "FILE", "write the answer there", options.output);
  arguments.operands(options.kinds, 0, 1);
  if (!arguments.parse(words)) return {.out = arguments.help()};
  check_format(options.format);

  const Validation& validation = validation_of(options);
  Inputs inputs(Catalogue::standard(options.catalogue), !options.uncalibrated);
  if (options.features || options.memory) {
    const std::string flag = options.features ? "--features" : "--memory";
    if (validation.name != "steps")
      throw InputError(fmt::format("{0} lists training steps: traingrid validate steps {0}", flag));
    const Listing listing = listed_steps(options, inputs);
    deliver(write_listings({.schema = "traingrid.validation/1",
                            .title = "training steps",
                            .listings = {listing},
                            .version = TRAINGRID_VERSION,
                            .command = fmt::format("{} {}", command_line(options, "steps"), flag),
                            .inputs = inputs.opened()},
                           options.format),
            options.output, outcome);
    return outcome;
  }
  std::vector<Comparison> rows = validation.compare(options, inputs);
  if (options.suite) keep_suite(rows, *options.suite);
  ListingReport report{
      .schema = "traingrid.validation/1",
      .title = fmt::format("{}: published and simulated", validation.name),
      .listings = {rows_listing(rows, validation),
                   suites_listing("suites", "by suite", summarise(rows, validation.rows == Kinds::steps),
                                  validation.rows == Kinds::steps)},
      .version = TRAINGRID_VERSION,
      .command = command_line(options, validation.name),
      .inputs = inputs.opened()};
  if (validation.rows == Kinds::answers) report.listings.push_back(kinds_listing(rows));
  deliver(write_listings(report, options.format), options.output, outcome);
  return outcome;
}

}  // namespace traingrid

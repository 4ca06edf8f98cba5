#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/kinds.hpp"
#include "cli/load.hpp"
#include "workload/training_step.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace traingrid {
namespace {

using Row = std::vector<std::string>;

/// Columns side by side, the last as long as it is; the others as wide as they need, up to a limit.
std::string aligned(const std::vector<Row>& rows) {
  constexpr std::size_t kWidest = 60;
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], std::min(row[i].size(), kWidest));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("  {:<{}}", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

/// In one line, however it was written.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string list_of(const Kind& kind, const Catalogue& catalogue) {
  const Folder& folder = *find_folder(kind.folder);
  std::vector<Row> rows;
  for (const std::string& name : catalogue.names(folder)) {
    rows.push_back({name, catalogue.find(folder, name)->path.lexically_normal().string()});
  }
  return fmt::format("{}\n{}", kind.folder, aligned(rows));
}

std::string list_of_all(const Catalogue& catalogue) {
  std::string text;
  for (const Kind& kind : kinds()) text += (text.empty() ? "" : "\n") + list_of(kind, catalogue);
  return text;
}

/// Keys that hold values and that the files leave at their defaults.
std::vector<std::string> defaults(const Outline& outline, const std::vector<ConstantRead>& constants) {
  std::vector<std::string> left;
  std::string absent;  // the mapping that is left out and that the rows are in
  for (const OutlineRow& row : outline.rows()) {
    const std::string path = row.path();
    const bool within_list =
        std::ranges::any_of(row.steps, [](const std::string& step) { return step == "[]" || step == "<name>"; });
    if (within_list || (!absent.empty() && path.starts_with(absent))) continue;
    const bool mapping = row.type.starts_with("mapping");
    const std::string inside = path + ".";
    const bool read = std::ranges::any_of(constants, [&](const ConstantRead& constant) {
      return constant.path == path || constant.path.starts_with(inside);
    });
    absent = mapping && !read ? inside : "";
    if (!read && row.type != "list" && (!mapping || !row.required)) left.push_back(path);
  }
  return left;
}

std::string description_of(const Target& target, const Catalogue& catalogue) {
  Inputs inputs(catalogue);
  target.kind->read(inputs, target.kind->folder, target.name);
  inputs.finish();
  const auto place =
      is_path(target.name) ? std::nullopt : catalogue.find(*find_folder(target.kind->folder), target.name);
  std::vector<Row> rows{{"key", "value", "where", "source"}};
  for (const ConstantRead& read : inputs.constants()) {
    const std::string fitted = read.calibrated_on.empty() ? "" : fmt::format(" (calibrated on {})", read.calibrated_on);
    rows.push_back({read.path, one_line(read.text), read.place, one_line(read.source + fitted)});
  }
  std::string text = fmt::format("{} {}: {}\n{}", target.kind->singular(), target.name,
                                 place ? place->path.lexically_normal().string() : target.name, aligned(rows));
  const auto left = defaults(target.kind->outline(), inputs.constants());
  if (!left.empty()) text += fmt::format("left at their defaults: {}\n", fmt::join(left, ", "));
  return text;
}

std::string fields_of(const Kind& kind) {
  std::vector<Row> rows{{"key", "holds", "needed", "must be", "meaning"}};
  const Outline outline = kind.outline();
  for (const OutlineRow& row : outline.rows()) {
    const std::string range(row.range.text == any.text ? "" : row.range.text);
    const std::string type = row.folder.empty() ? row.type : fmt::format("a name of {}, or a mapping", row.folder);
    rows.push_back({row.path(), type, row.required ? "yes" : "no", range, one_line(row.about)});
  }
  return fmt::format("{}\n{}", kind.singular(), aligned(rows));
}

/// What `fields` says below all keys.
constexpr const char* kIntervals =
    "\nEvery number and quantity, whole numbers excepted, may be an interval for `traingrid run --samples`:\n"
    "  {low: 0.3 kg/kWh, mid: 0.37 kg/kWh, high: 0.45 kg/kWh}    triangular between low and high\n"
    "  370 g/kWh ± 10 %                                          lognormal; 90 % of all cases within ± (or +-)\n"
    "  {value: 370 g/kWh ± 10 %, distribution: triangular, source: …}    or lognormal, in either form\n";

std::string fields(const std::vector<std::string>& names) {
  std::string text;
  for (const Kind& kind : kinds()) {
    const bool asked_for = names.size() == 1 || find_kind(names[1]) == &kind;
    if (asked_for) text += (text.empty() ? "" : "\n") + fields_of(kind);
  }
  if (text.empty()) throw InputError(fmt::format("'{}' is no kind of description; known: {}", names[1], kind_names()));
  return text + kIntervals;
}

/// What the ranks of a step of the run do, at its full batch.
Outcome program_of(const Selection& selection, const Catalogue& catalogue) {
  Inputs inputs(catalogue);
  const Point point = load_point(selection, inputs);
  inputs.finish();
  const Allocation allocation = allocate(point.run, point.cluster);
  std::string obstacle = allocation.obstacle;
  if (obstacle.empty()) {
    const LayoutOutcome layout = resolve_layout(point.run, allocation.cluster);
    obstacle = layout.reason;
    if (layout.layout) {
      const MicroBatches micro = micro_batches(point.run, *layout.layout, point.run.batch);
      if (micro.reason.empty()) return {.out = dump(training_step(point.run, *layout.layout, micro.count))};
      obstacle = micro.reason;
    }
  }
  return {.out = fmt::format("infeasible: {}\n", obstacle), .code = kInfeasible};
}

}  // namespace

Outcome show_command(std::span<const std::string> words) {
  std::vector<std::string> names;
  std::optional<std::string> as, directory;
  bool program = false;
  Selection selection;
  Arguments arguments(
      "show", "[WHAT]",
      "Lists the catalogue; or a folder of it (runs, clusters, …); or a description, by name or path, with\n"
      "its values, where each was found and by which source; or, for `fields [KIND]`, the keys it may have.");
  add_lookup(arguments, as, directory);
  arguments.flag("program", "of a run: what its ranks compute and send in a step, in order", program);
  arguments.list("set", "KEY=VALUE", "over what the files say, for --program", selection.sets);
  arguments.operands(names, 0, 2);
  if (!arguments.parse(words)) return {.out = arguments.help()};

  const Catalogue catalogue = Catalogue::standard(directory);
  if (program && names.size() != 1) throw InputError("traingrid show: --program needs the name of a run");
  if (!program && !selection.sets.empty()) throw InputError("traingrid show: --set goes with --program");
  if (program) {
    selection.run = names[0];
    return program_of(selection, catalogue);
  }
  if (names.empty()) return {.out = list_of_all(catalogue)};
  if (names[0] == "fields") return {.out = fields(names)};
  if (names.size() > 1) throw InputError(fmt::format("traingrid show: '{}' is one word too many", names[1]));
  for (const Kind& kind : kinds()) {
    if (names[0] == kind.folder) return {.out = list_of(kind, catalogue)};
  }
  std::string text;
  for (const Target& target : targets_of(names[0], as, catalogue)) {
    text += (text.empty() ? "" : "\n") + description_of(target, catalogue);
  }
  return {.out = text};
}

}  // namespace traingrid

// What people read of a result: which rows, in which order, with how many digits.
// The only arithmetic is the share of a part in its whole and the difference to what was published.
#include "report/sheet.hpp"

#include "report/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace traingrid {
namespace {

const std::string kNotApplicable = "–";

/// "1234567.8" to "1,234,567.8".
std::string with_separators(std::string digits) {
  if (digits.find('e') != std::string::npos) return digits;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = point; at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string people_value(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return with_separators(fmt::format("{}", *whole));
  if (const auto real = number(value)) return people_number(*real);
  return kNotApplicable;
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string difference(std::optional<double> ours, const PublishedFigure* published) {
  if (!ours || !published || published->value == 0) return "";
  const double tenths = std::round(1000 * (*ours / published->value - 1));
  return tenths == 0 ? "0.0 %" : fmt::format("{:+.1f} %", tenths / 10);
}

std::string range(const Interval* interval) {
  return interval ? fmt::format("{} – {}", rounded_number(interval->p5), rounded_number(interval->p95)) : "";
}

std::string group_heading(const Result& result, std::string_view group) {
  if (group != "cost") return std::string{group};
  const auto price_year = result.cost ? result.cost->price_year : std::nullopt;
  return price_year ? fmt::format("cost (USD of {})", *price_year) : "cost (nominal USD of the run)";
}

/// "1 node", "48 of 52 nodes".
std::string nodes_of(const Result& result) {
  const std::string nodes = people_value(result.nodes);
  if (result.whole_nodes > result.nodes) return fmt::format("{} of {} nodes", nodes, people_value(result.whole_nodes));
  return nodes + (result.nodes == 1 ? " node" : " nodes");
}

std::string title_of(const Result& result) {
  return fmt::format("{} on {} ({} × {} in {}) at {}", result.run_name, result.cluster_name,
                     people_value(result.accelerators), result.accelerator_name, nodes_of(result), result.site_name);
}

/// Builds the rows of a sheet in the order of the columns, parts below their whole.
class Rows {
 public:
  explicit Rows(const Result& result) : result_{result} {}

  std::vector<SheetRow> build() {
    for (const Column& column : columns()) {
      if (column.is_figure() && column.whole.empty()) add_figure(column);
    }
    return std::move(rows_);
  }

 private:
  void add_figure(const Column& column) {
    const Memory* memory = memory_at(column.path);
    if (std::ranges::find(kMemories, column.path, &Memory::capacity) != kMemories.end())
      return;  // stands beside the memory in use
    const Value value = column.value(result_);
    const PublishedFigure* published = published_figure(result_, column);
    if (!number(value) && !published) return;
    if (column.group() != group_) open_group(column.group());
    std::string ours = people_value(value);
    if (memory != nullptr && number(value))
      ours += " of " + people_value(find_column(memory->capacity)->value(result_));
    add_row(SheetRow::Level::figure, column, ours, "", number(value));
    add_parts(column, number(value).value_or(0));
    if (memory != nullptr && number(value)) add_memory_terms((*result_.step).*(memory->terms));
  }

  void open_group(std::string_view group) {
    group_ = group;
    rows_.push_back({SheetRow::Level::group, {group_heading(result_, group), "", "", "", "", "", ""}});
  }

  void add_parts(const Column& whole, double sum) {
    for (const Column& column : columns()) {
      const auto ours = number(column.value(result_));
      if (column.whole != whole.path || (ours.value_or(0) == 0 && !published_figure(result_, column))) continue;
      const std::string share = ours && sum > 0 ? percent(*ours / sum) : "";
      add_row(SheetRow::Level::part, column, ours ? people_number(*ours) : kNotApplicable, share, ours);
    }
  }

  void add_memory_terms(const std::vector<MemoryTerm>& terms) {
    for (const MemoryTerm& term : terms) {
      rows_.push_back({SheetRow::Level::part, {term.name, "GiB", people_number(term.bytes / gib), "", "", "", ""}});
    }
  }

  void add_row(SheetRow::Level level, const Column& column, std::string ours, std::string share,
               std::optional<double> value) {
    const PublishedFigure* published = published_figure(result_, column);
    rows_.push_back(
        {level,
         {std::string{column.title}, std::string{column.unit}, std::move(ours), range(interval_of(result_, column)),
          std::move(share), published ? published_number(published->value) : "", difference(value, published)}});
  }

  /// A figure of memory in use, what there is of it, and what it holds.
  struct Memory {
    std::string_view used, capacity;
    std::vector<MemoryTerm> StepResult::*terms;
  };
  static constexpr std::array kMemories{
      Memory{"step.memory.peak_gib", "step.memory.capacity_gib", &StepResult::memory_terms},
      Memory{"step.memory.host_peak_gib", "step.memory.host_capacity_gib", &StepResult::host_memory_terms}};
  static const Memory* memory_at(std::string_view path) {
    const auto found = std::ranges::find(kMemories, path, &Memory::used);
    return found == kMemories.end() ? nullptr : &*found;
  }

  const Result& result_;
  std::string_view group_;
  std::vector<SheetRow> rows_;
};

void drop_empty_columns(Sheet& sheet) {
  for (std::size_t i = sheet.headings.size(); i-- > kTextColumns + 1;) {
    if (std::ranges::any_of(sheet.rows, [i](const SheetRow& row) { return !row.cells[i].empty(); })) continue;
    sheet.headings.erase(sheet.headings.begin() + static_cast<std::ptrdiff_t>(i));
    for (SheetRow& row : sheet.rows) row.cells.erase(row.cells.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// "energy.facility_mwh: site.pue 84.1 %, cluster.node.power.cpu 15.2 %".
std::vector<std::string> influences_of(const Result& result) {
  constexpr std::array kMain{"step.time_s",          "duration.days",        "energy.facility_mwh",
                             "carbon.location_t",    "carbon.market_t",      "carbon.embodied_t",
                             "water.total_m3",       "cost.epoch.total_usd", "cost.cloud.total_usd",
                             "cost.electricity_usd", "cost.tco.total_usd"};
  std::vector<std::string> lines;
  for (const char* name : kMain) {
    const auto found = result.intervals.find(name);
    if (found == result.intervals.end() || found->second.influences.empty()) continue;
    std::vector<std::string> inputs;
    for (const Influence& influence : found->second.influences)
      inputs.push_back(fmt::format("{} {}", influence.input, percent(influence.explained())));
    lines.push_back(fmt::format("{}: {}", name, fmt::join(inputs, ", ")));
  }
  return lines;
}

/// "Patterson et al. 2021, Table 4: duration, facility".
std::vector<std::string> sources_of(const Result& result) {
  std::vector<std::pair<std::string, std::vector<std::string_view>>> by_source;
  for (const PublishedFigure& figure : result.published) {
    auto at = std::ranges::find(by_source, figure.source, &decltype(by_source)::value_type::first);
    if (at == by_source.end()) at = by_source.insert(at, {figure.source, {}});
    at->second.push_back(figure.name);
  }
  std::vector<std::string> lines;
  for (const auto& [source, names] : by_source) lines.push_back(fmt::format("{}: {}", fmt::join(names, ", "), source));
  return lines;
}

}  // namespace

std::string people_number(double value) {
  const double magnitude = std::abs(value);
  if (magnitude >= 9999.995) return with_separators(fmt::format("{:.0f}", value));
  if (magnitude >= 0.99995) return with_separators(fmt::format("{:.2f}", value));
  return fmt::format("{:.4g}", value);
}

std::string rounded_number(double value) {
  if (std::abs(value) < 1000) return fmt::format("{:.4g}", value);
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 3);
  return with_separators(fmt::format("{:.0f}", std::round(value / unit) * unit));
}

std::string published_number(double value) { return with_separators(fmt::format("{}", value)); }

std::string escaped(std::string_view text, const std::vector<std::pair<char, std::string_view>>& replacements) {
  std::string safe;
  for (const char c : text) {
    const auto found = std::ranges::find(replacements, c, &std::pair<char, std::string_view>::first);
    found == replacements.end() ? safe += c : safe += found->second;
  }
  return safe;
}

Sheet sheet_of(const Result& result) {
  Sheet sheet{.title = title_of(result),
              .reason = result.feasible ? "" : result.reason,
              .headings = {"", "unit", result.replayed ? "replayed" : "simulated", "p5 – p95", "share", "published",
                           "difference"},
              .rows = Rows{result}.build(),
              .notes = result.notes,
              .influences = influences_of(result),
              .sources = sources_of(result)};
  drop_empty_columns(sheet);
  return sheet;
}

}  // namespace traingrid

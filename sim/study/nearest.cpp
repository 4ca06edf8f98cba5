#include "study/nearest.hpp"

#include "input/table.hpp"
#include "study/statistics.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace traingrid {
namespace {

template <class Enum>
std::string spelling_of(Enum value) {
  return std::string(Spellings<Enum>::names[static_cast<std::size_t>(value)]);
}

/// The cells of a table by heading; headings and numbers that are missing are problems.
class ErrorTable {
 public:
  ErrorTable(const Table& table, Problems& problems) : table_(table), problems_(problems) {}

  std::string text(std::size_t row, std::string_view heading) const {
    const auto column = table_.find(0, heading);
    if (!column) {
      if (row == 1) problems_.add(table_.mark(0, 0), fmt::format("there is no column '{}'", heading));
      return "";
    }
    return std::string(table_.cell(row, *column));
  }
  double number(std::size_t row, std::string_view heading) const {
    const std::string cell = text(row, heading);
    const auto value = parse_number(cell);
    if (const auto column = table_.find(0, heading); column && !value)
      problems_.add(table_.mark(row, *column), fmt::format("'{}' is no number", cell));
    return value.value_or(0);
  }

 private:
  const Table& table_;
  Problems& problems_;
};

MeasuredError row_of(const ErrorTable& table, std::size_t row) {
  MeasuredError measured{.id = table.text(row, "id"), .suite = table.text(row, "suite")};
  StepFeatures& features = measured.features;
  features.accelerator = table.text(row, "accelerator");
  features.precision = table.text(row, "precision");
  features.software = table.text(row, "software");
  features.experts = table.number(row, "experts");
  for (const auto& [name, value] : kNumberFeatures) features.*value = table.number(row, name);
  measured.error_pct = table.number(row, "error_pct");
  return measured;
}

/// A row of the design's accelerator, and what it is ranked by.
struct RankedRow {
  NearestRow row;
  bool far, other_precision, fitted;
};

/// Those that are near first, then those of the same precision, then the nearer ones.
std::vector<RankedRow> ranked_rows(const StepFeatures& design, const Nearness& nearness,
                                   const std::vector<MeasuredError>& rows) {
  std::vector<RankedRow> ranked;
  for (const MeasuredError& row : rows) {
    if (row.features.accelerator != design.accelerator) continue;
    const double away = distance(nearness.weights, design, row.features);
    ranked.push_back({{row.id, row.suite, away, row.error_pct},
                      away > nearness.farthest,
                      row.features.precision != design.precision,
                      row.fitted});
  }
  std::ranges::sort(ranked, {}, [](const RankedRow& one) {
    return std::tie(one.far, one.other_precision, one.row.distance, one.row.id);
  });
  return ranked;
}

/// From a percentile of the steps to another; nothing of none.
std::optional<Interval> measured_over_simulated(const std::vector<double>& errors_pct) {
  if (errors_pct.empty()) return std::nullopt;
  std::vector<double> factors;
  for (const double error : errors_pct) factors.push_back(1 / (1 + error / 100));
  std::ranges::sort(factors);
  return Interval{percentile(factors, 0.05), percentile(factors, 0.5), percentile(factors, 0.95)};
}

}  // namespace

StepFeatures features_of(const Run& run, const Cluster& cluster) {
  const Parallelism& layout = run.parallelism;
  const auto accelerators = static_cast<double>(cluster.accelerators());
  const double replica = static_cast<double>(layout.tensor) * layout.pipeline * layout.context;
  return {.accelerator = cluster.accelerator.name,
          .precision = spelling_of(run.precision),
          .software = run.software.name,
          .experts = run.model.num_experts > 0 ? 1.0 : 0.0,
          .parameters = run.model.parameters(),
          .tokens_per_accelerator =
              static_cast<double>(run.batch) * static_cast<double>(run.sequence_length) / accelerators,
          .tensor = double(layout.tensor),
          .pipeline = double(layout.pipeline),
          .context = double(layout.context),
          .expert = double(layout.expert),
          .data = layout.data ? double(*layout.data) : std::max(1.0, std::floor(accelerators / replica)),
          .sequence_length = static_cast<double>(run.sequence_length),
          .accelerators = accelerators};
}

void FeatureWeights::describe(Fields& fields) {
  fields.required("precision", precision, "of another precision", non_negative);
  fields.required("software", software, "of another generation of software", non_negative);
  fields.required("experts", experts, "of experts in one of both", non_negative);
  for (const auto& [feature, value] : kNumberFeatures)
    fields.required(feature, numbers.*value, "of a doubling", non_negative);
}

void Nearness::describe(Fields& fields) {
  fields.required("name", name, "name of the distance, for people");
  fields.required("errors", errors, "table of published steps with features and errors, relative to this file");
  fields.required("neighbours", neighbours, "nearest steps whose errors make an interval", at_least_one);
  fields.required("farthest", farthest, "distance of such a step, at most", positive);
  fields.required("weights", weights, "what each feature adds to a distance");
}

double distance(const FeatureWeights& weights, const StepFeatures& a, const StepFeatures& b) {
  double sum = a.precision == b.precision ? 0 : weights.precision;
  sum += a.software == b.software ? 0 : weights.software;
  sum += a.experts == b.experts ? 0 : weights.experts;
  for (const auto& [name, value] : kNumberFeatures)
    sum += weights.numbers.*value * std::abs(std::log2(std::max(a.*value, 1.0) / std::max(b.*value, 1.0)));
  return sum;
}

std::vector<MeasuredError> read_errors(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  std::vector<MeasuredError> rows;
  if (!file) return rows;
  const Table table = Table::parse(file, problems);
  const ErrorTable cells(table, problems);
  std::set<std::string> fitted;
  for (std::size_t row = 1; row < table.rows(); ++row) {
    if (cells.text(row, "calibration") != "true")
      rows.push_back(row_of(cells, row));
    else
      fitted.insert(cells.text(row, "accelerator"));
  }
  for (MeasuredError& row : rows) row.fitted = fitted.contains(row.features.accelerator);
  return rows;
}

Nearest nearest_of(const StepFeatures& design, const Nearness& nearness, const std::vector<MeasuredError>& rows) {
  std::vector<RankedRow> ranked = ranked_rows(design, nearness, rows);
  if (ranked.size() > std::size_t(nearness.neighbours)) ranked.resize(std::size_t(nearness.neighbours));
  Nearest nearest;
  std::vector<double> errors;
  for (const RankedRow& one : ranked) {
    nearest.rows.push_back(one.row);
    if (!one.far) errors.push_back(one.row.error_pct);
  }
  nearest.near = errors.size();
  const bool fitted = std::ranges::any_of(ranked, &RankedRow::fitted);
  for (const MeasuredError& row : rows)
    if (nearest.near == 0 && !fitted && !row.fitted) errors.push_back(row.error_pct);
  nearest.factor = measured_over_simulated(errors);
  return nearest;
}

}  // namespace traingrid

#include "study/validate_collectives.hpp"

#include "collective/plan.hpp"
#include "study/measured_collective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace traingrid {
namespace {

constexpr Bytes kMebibyte = gib / 1024;

std::string_view suite_of(Bytes size) {
  if (size < kMebibyte) return "small-message";
  return size <= 64 * kMebibyte ? "mid-size" : "large-message";
}

/// Of an all-to-all: bytes that cross the NICs, or inside one node the links there.
Bandwidth on_bottleneck(const MeasuredCollective& measured, const CollectiveTiming& timing) {
  return timing.algorithm_bandwidth *
         (measured.cluster.nodes > 1 ? 1 - 1.0 / measured.cluster.nodes : 1 - 1.0 / measured.bench.ranks);
}

double in_units_of(std::string_view quantity, const MeasuredCollective& measured, const CollectiveTiming& timing) {
  if (quantity.find("_us") != std::string_view::npos) return timing.time / (1e-6 * second);
  const bool bottleneck = quantity.find("bottleneck") != std::string_view::npos;
  const double gigabytes =
      (bottleneck ? on_bottleneck(measured, timing) : timing.bus_bandwidth) / (1e9 * byte / second);
  return quantity.find("gbit") != std::string_view::npos ? 8 * gigabytes : gigabytes;
}

/// Whether the text names the row, as a whole word.
bool names(std::string_view text, std::string_view row) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.'; };
  for (auto at = text.find(row); at != std::string_view::npos; at = text.find(row, at + 1)) {
    const auto end = at + row.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

std::vector<CollectiveTiming> simulate(MeasuredCollective& measured, const Library& library) {
  if (!measured.reason.empty()) return {};
  Tuning tuning = tuning_of(measured.cluster, library);
  if (measured.bench.kind && !measured.algorithm.empty()) {
    tuning.forced[std::string(spelling(*measured.bench.kind))] = measured.algorithm;
    const int nodes = measured.cluster.nodes, ranks = measured.bench.ranks;
    measured.reason =
        obstacle(tuning, *find_algorithm(measured.algorithm), *measured.bench.kind, {ranks, nodes, ranks / nodes});
    if (!measured.reason.empty()) return {};
  }
  return time_collective(measured.cluster, tuning, measured.bench);
}

void compare(MeasuredCollective measured, const CollectiveValidation& context, bool calibration,
             std::vector<Comparison>& rows) {
  const std::vector<CollectiveTiming> timings = simulate(measured, context.library);
  for (std::size_t i = 0; i < measured.values.size(); ++i) {
    const MeasuredValue& value = measured.values[i];
    Comparison row{.id = value.id,
                   .suite = std::string(suite_of(value.size)),
                   .quantity = value.quantity,
                   .published = value.value,
                   .reason = measured.reason,
                   .calibration = calibration};
    if (!timings.empty()) {
      row.simulated = in_units_of(value.quantity, measured, timings[i]);
      row.algorithm = timings[i].algorithm;
    }
    if (value.size <= Bytes{}) row.suite = "other";
    rows.push_back(std::move(row));
  }
}

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double value : values) {
    const auto below = std::ranges::count_if(values, [&](double other) { return other < value; });
    const auto equal = std::ranges::count(values, value);
    ranks.push_back(static_cast<double>(below) + 0.5 * static_cast<double>(equal - 1));
  }
  return ranks;
}

std::optional<double> correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto mean = [](const std::vector<double>& list) {
    return std::accumulate(list.begin(), list.end(), 0.0) / static_cast<double>(list.size());
  };
  const double mean_a = mean(a), mean_b = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  if (aa * bb <= 0) return std::nullopt;
  return ab / std::sqrt(aa * bb);
}

void fill(SuiteSummary& summary, const std::vector<const Comparison*>& rows) {
  std::vector<double> published, simulated;
  double sum = 0, absolute = 0, worst = 0;
  summary.rows = static_cast<int>(rows.size());
  for (const Comparison* row : rows) {
    const auto error = row->error();
    if (!error) continue;
    published.push_back(row->published);
    simulated.push_back(*row->simulated);
    sum += *error;
    absolute += std::abs(*error);
    worst = std::max(worst, std::abs(*error));
  }
  summary.simulated_rows = static_cast<int>(published.size());
  if (published.empty()) return;
  summary.mean_abs_error = absolute / summary.simulated_rows;
  summary.worst_abs_error = worst;
  summary.bias = sum / summary.simulated_rows;
  summary.rank_correlation = correlation(ranks_of(published), ranks_of(simulated));
}

}  // namespace

std::optional<double> Comparison::error() const {
  if (!simulated || published <= 0) return std::nullopt;
  return 100 * (*simulated / published - 1);
}

std::vector<Comparison> validate_collectives(const Node& file, const CollectiveValidation& context,
                                             Problems& problems) {
  std::vector<Comparison> rows;
  const Entry* records = file.is_mapping() ? file.find("records") : nullptr;
  if (records == nullptr || !records->value.is_list()) {
    problems.add(file.mark, "holds no list of 'records'", "write one record of measurements per item");
    return rows;
  }
  for (const Node& record : records->value.items) {
    const Entry* id = record.is_mapping() ? record.find("id") : nullptr;
    if (id == nullptr || !id->value.is_scalar()) {
      problems.add(record.mark, "a record needs an 'id'", "name it");
      continue;
    }
    const bool calibration = names(context.calibrated_on, id->value.text);
    for (MeasuredCollective& measured : measured_collectives(record, context.testbed))
      compare(std::move(measured), context, calibration, rows);
  }
  return rows;
}

std::vector<SuiteSummary> summarise(const std::vector<Comparison>& rows) {
  std::vector<SuiteSummary> summaries;
  for (const Comparison& row : rows) {
    const bool known = std::ranges::any_of(summaries, [&](const SuiteSummary& summary) {
      return summary.suite == row.suite && summary.quantity == row.quantity;
    });
    if (!known) summaries.push_back({.suite = row.suite, .quantity = row.quantity});
  }
  for (SuiteSummary& summary : summaries) {
    std::vector<const Comparison*> members;
    for (const Comparison& row : rows) {
      if (row.suite == summary.suite && row.quantity == summary.quantity) members.push_back(&row);
    }
    fill(summary, members);
  }
  return summaries;
}

}  // namespace traingrid

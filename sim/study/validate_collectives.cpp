#include "study/validate_collectives.hpp"

#include "collective/plan.hpp"
#include "study/measured_collective.hpp"
#include "study/measured_fields.hpp"

#include <fmt/format.h>

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

}  // namespace

std::vector<Comparison> validate_collectives(const Node& file, const CollectiveValidation& context,
                                             Problems& problems) {
  std::vector<Comparison> rows;
  for (const Node* record : records_of(file, problems)) {
    const bool calibration = names_row(context.calibrated_on, text_field(*record, "id"));
    for (MeasuredCollective& measured : measured_collectives(*record, context.testbed))
      compare(std::move(measured), context, calibration, rows);
  }
  return rows;
}

}  // namespace traingrid

#include "cli/load_nearest.hpp"

#include "study/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {

void add_nearest(Result& result, const Point& point, const Catalogue& catalogue) {
  if (!result.step || !result.feasible || result.replayed) return;
  Inputs inputs(catalogue);
  Document document = inputs.open<Nearness>("nearness", "steps");
  const auto nearness = inputs.read<Nearness>(document);
  inputs.finish();
  const auto file = inputs.open_text(nearness.errors, inputs.mark_of(document.kind(), "errors"));
  const auto rows = read_errors(file, inputs.problems());
  inputs.finish();
  result.nearest = nearest_of(features_of(point.run, allocate(point.run, point.cluster).cluster), nearness, rows);
}

std::string nearest_line(const Result& result) {
  if (!result.nearest) return "";
  const auto& rows = result.nearest->rows;
  if (rows.empty()) return fmt::format("nearest measured case: none was published on {}\n", result.accelerator_name);
  if (result.nearest->near == 0) {
    return fmt::format("nearest measured case: {} ({}) at distance {:.1f}, too far to say how far off this is\n",
                       rows.front().id, rows.front().suite, rows.front().distance);
  }
  double sum = 0;
  for (const NearestRow& row : rows) sum += row.error_pct;
  const auto [least, most] = std::ranges::minmax(rows, {}, &NearestRow::error_pct);
  return fmt::format(
      "nearest measured case: {} ({}), {:+.1f} %; the {} nearest: mean {:+.1f} %, from {:+.1f} to {:+.1f} %\n",
      rows.front().id, rows.front().suite, rows.front().error_pct, rows.size(), sum / static_cast<double>(rows.size()),
      least.error_pct, most.error_pct);
}

}  // namespace traingrid

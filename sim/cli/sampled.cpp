#include "cli/sampled.hpp"

#include "report/columns.hpp"
#include "study/samples.hpp"

namespace traingrid {
namespace {

/// Every figure of the report.
std::vector<SampledFigure> all_figures() {
  std::vector<SampledFigure> figures;
  for (const Column& column : columns()) {
    if (!column.is_figure()) continue;
    figures.push_back(
        {std::string(column.path), [&column](const Result& result) { return number(column.value(result)); }});
  }
  return figures;
}

}  // namespace

void add_samples(Result& result, const RunOptions& options, const PointFiles& files, StepMemo& memo) {
  if (!options.samples || !result.feasible) return;
  const Sampling sampling{.samples = *options.samples,
                          .seed = static_cast<std::uint64_t>(options.seed.value_or(0)),
                          .jobs = options.jobs.value_or(1)};
  const auto point_of_draw = [&](const Draw& draw) {
    Point point = files.drawn(draw);
    point.folding = folding_of(options);
    return options.replay ? replay_point(point) : simulate_point(point, &memo).result;
  };
  add_intervals(result, sampling, uncertain_inputs(result.constants), all_figures(), point_of_draw);
}

}  // namespace traingrid

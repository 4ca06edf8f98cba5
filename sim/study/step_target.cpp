#include "study/step_target.hpp"
#include "study/measured_fields.hpp"

#include <array>

namespace traingrid {
namespace {

constexpr double kSecondsPerDay = 86'400, kSecondsPerMinute = 60, kPublishedTokens = 300e9;

/// A run of MLPerf: without its evaluations, over its steps.
std::optional<StepTarget> from_run(const Node& record) {
  const auto minutes = number_field(record, "time_to_train_min_median"), steps = number_field(record, "steps_per_run");
  if (!minutes || !steps) return std::nullopt;
  const double evaluation = number_field(record, "eval_seconds_per_run").value_or(0);
  return StepTarget{"time_to_train_min_median", (*minutes * kSecondsPerMinute - evaluation) / *steps};
}

}  // namespace

StepTarget step_target(const Node& record, const StepSize& size) {
  for (const auto* name : {"iter_time_s", "step_time_s_median", "iter_time_s_derived", "step_time_s_derived"}) {
    if (const auto value = number_field(record, name)) return {name, *value};
  }
  struct Throughput {
    const char* field;
    double of_one_second;
  };
  const std::array throughputs{Throughput{"tokens_per_s", size.tokens},
                               Throughput{"tokens_per_s_per_gpu", size.tokens / size.accelerators}};
  for (const auto& [name, factor] : throughputs) {
    if (const auto value = number_field(record, name)) return {name, *value, factor, true};
  }
  if (const auto run = from_run(record)) return *run;
  if (const auto days = number_field(record, "days_for_300B_tokens"); days && size.tokens > 0)
    return {"days_for_300B_tokens", *days, kPublishedTokens / size.tokens / kSecondsPerDay};
  return {};
}

}  // namespace traingrid

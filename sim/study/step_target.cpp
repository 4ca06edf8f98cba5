#include "study/step_target.hpp"

#include "study/measured_fields.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace traingrid {
namespace {

constexpr double kSecondsPerDay = 86'400, kSecondsPerMinute = 60, kPublishedTokens = 300e9, kBillion = 1e9;
constexpr double kTera = 1e12, kPeta = 1e15, kPercent = 100;

constexpr std::array<std::string_view, 4> kTimes{"iter_time_s", "step_time_s_median", "iter_time_s_derived",
                                                 "step_time_s_derived"};

/// What falls with the time of a step; in the order in which fields are taken.
struct Throughput {
  std::string_view field;
  double (*of_one_second)(const StepSize& size);
};
constexpr std::array kThroughputs{
    Throughput{"tokens_per_s", [](const StepSize& s) { return s.tokens; }},
    Throughput{"tokens_per_s_per_gpu", [](const StepSize& s) { return s.tokens / s.accelerators; }},
    Throughput{"steps_per_s", [](const StepSize&) { return 1.0; }},
    Throughput{"mfu_pct", [](const StepSize& s) { return kPercent * s.model_flop / s.accelerators / s.peak; }},
    Throughput{"model_tflops_per_gpu", [](const StepSize& s) { return s.model_flop / s.accelerators / kTera; }},
    Throughput{"tflops_per_gpu", [](const StepSize& s) { return s.plain_flop / s.accelerators / kTera; }},
    Throughput{"hw_tflops_per_gpu", [](const StepSize& s) { return s.hardware_flop / s.accelerators / kTera; }},
    Throughput{"hfu_pct", [](const StepSize& s) { return kPercent * s.hardware_flop / s.accelerators / s.peak; }},
    Throughput{"aggregate_pflops", [](const StepSize& s) { return s.plain_flop / kPeta; }},
};

/// A run of MLPerf: without its evaluations, over its steps.
std::optional<StepTarget> from_run(const Node& record) {
  const auto minutes = number_field(record, "time_to_train_min_median"), steps = number_field(record, "steps_per_run");
  if (!minutes || !steps) return std::nullopt;
  const double evaluation = number_field(record, "eval_seconds_per_run").value_or(0);
  return StepTarget{"time_to_train_min_median", (*minutes * kSecondsPerMinute - evaluation) / *steps};
}

/// Days of a whole run, by its tokens.
std::optional<StepTarget> from_days(const Node& record, const StepSize& size) {
  struct Days {
    const char* field;
    std::optional<double> tokens;
  };
  const auto stated = number_field(record, "tokens_billion");
  for (const auto& [name, tokens] : {Days{"days_for_300B_tokens", kPublishedTokens / kBillion},
                                     Days{"days_for_tokens", stated}, Days{"estimated_days", stated}}) {
    const auto days = number_field(record, name);
    if (days && tokens && size.tokens > 0)
      return StepTarget{name, *days, *tokens * kBillion / size.tokens / kSecondsPerDay};
  }
  return std::nullopt;
}

}  // namespace

StepTarget step_target(const Node& record, const StepSize& size) {
  for (const std::string_view name : kTimes) {
    if (const auto value = number_field(record, name)) return {std::string(name), *value};
  }
  for (const auto& [name, of_one_second] : kThroughputs) {
    if (const auto value = number_field(record, name)) return {std::string(name), *value, of_one_second(size), true};
  }
  if (const auto run = from_run(record)) return *run;
  return from_days(record, size).value_or(StepTarget{});
}

bool is_measured(std::string_view field) {
  constexpr std::array<std::string_view, 8> kOthers{
      "time_to_train_min_median", "eval_seconds_per_run", "days_for_300B_tokens", "days_for_tokens",
      "estimated_days",           "forward_ms",           "backward_ms",          "combined_ms"};
  return std::ranges::find(kTimes, field) != kTimes.end() || std::ranges::find(kOthers, field) != kOthers.end() ||
         std::ranges::find(kThroughputs, field, &Throughput::field) != kThroughputs.end();
}

}  // namespace traingrid

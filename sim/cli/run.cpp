#include "cli/commands.hpp"
#include "cli/idle.hpp"
#include "cli/load_nearest.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sampled.hpp"
#include "report/step_trace.hpp"
#include "report/writers.hpp"
#include "study/samples.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>

namespace traingrid {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double peak_memory_mib(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts KiB
}

/// Options that are accepted everywhere and change nothing in this run say so.
std::string idle_options(const RunOptions& options, const Result& result) {
  std::string text;
  const auto add = [&](bool given, std::string_view name, std::string_view reason) {
    if (given) text += fmt::format("note: --{} has no effect here: {}\n", name, reason);
  };
  const bool certain = uncertain_inputs(result.constants).empty();
  const bool sampled = options.samples.has_value() && !certain && result.feasible;
  add(options.jobs.has_value() && !sampled, "jobs", "one run is one process");
  add(options.samples.has_value() && !sampled, "samples",
      certain ? "no quantity of this run is uncertain" : "there is no figure to sample");
  add(options.seed.has_value() && !sampled, "seed", "nothing in this run is random");
  add(options.no_fold && options.replay, "no-fold", "a replay simulates no step");
  add(options.trace.has_value() && !result.feasible, "trace", "there is no step to show");
  return text;
}

/// Whether simulating it again, once per setting, goes unnoticed.
bool is_quick(const Answer& answer) {
  constexpr std::size_t kFewActivities = 200'000, kFewRanks = 1'024;
  if (!answer.step) return true;
  const Evaluation& evaluation = answer.step->evaluation;
  return evaluation.dag.activities.size() < kFewActivities && evaluation.step.ranks.size() < kFewRanks;
}

/// How the step at the full batch was folded and where its CPU time went.
std::string step_stats(const Evaluation& evaluation) {
  const Quotient& quotient = evaluation.quotient;
  std::int32_t heaviest = 0;
  for (const StreamClass& stream : quotient.streams) {
    for (const Crossing& at : stream.links) heaviest = std::max(heaviest, at.weight);
  }
  return fmt::format(
      "classes: {} of {} ranks, {} of {} groups, {} of {} streams, {} of {} links; heaviest weight {}\n"
      "folding: {} after {} rounds; CPU seconds: listing {:.3f}, folding {:.3f}, running {:.3f}\n",
      quotient.ranks.size(), evaluation.step.ranks.size(), quotient.groups.size(), evaluation.step.groups.size(),
      quotient.streams.size(), evaluation.step.streams.size(), quotient.links.size(), evaluation.step.links.size(),
      heaviest, evaluation.certified ? "certified" : "equitable or none", evaluation.rounds,
      evaluation.times.listing / second, evaluation.times.folding / second, evaluation.times.running / second);
}

std::string stats(const Result& result, double reading, double simulating) {
  std::string text = fmt::format("files: {}, constants: {}\n", result.inputs.size(), result.constants.size());
  if (result.step && result.step->classes > 0) {
    text += fmt::format("activities: {:.0f}, simulated: {:.0f}\n", result.step->activities, result.step->classes);
  }
  return text + fmt::format("reading: {:.3f} s, simulating: {:.3f} s, peak memory: {:.0f} MiB\n", reading, simulating,
                            std::max(peak_memory_mib(RUSAGE_SELF), peak_memory_mib(RUSAGE_CHILDREN)));
}

}  // namespace

Outcome run_command(std::span<const std::string> words) {
  Outcome outcome;
  const RunOptions options = parse_run_options(words, outcome.out);
  if (!outcome.out.empty()) return outcome;

  const auto start = Clock::now();
  Inputs inputs(Catalogue::standard(options.catalogue));
  const PointFiles files(options.selection, inputs);
  inputs.finish();
  Point point = files.point();
  point.folding = folding_of(options);
  if (options.replay) require_replayable(point.run, options);
  const double reading = seconds_since(start);

  StepMemo memo;
  Answer answer = options.replay ? Answer{replay_point(point), nullptr} : simulate_point(point, &memo);
  const Result& result = answer.result;
  sign(answer.result, "run", options, inputs);
  add_nearest(answer.result, point, inputs.catalogue());
  outcome.talk = (options.format == "table" ? nearest_line(result) : "") + idle_options(options, result);
  if (is_quick(answer)) outcome.talk += idle_settings(options, result);  // of a long one, `explain` tells
  add_samples(answer.result, options, files, memo);
  if (options.stats && answer.step) outcome.talk += step_stats(answer.step->evaluation);
  if (options.stats) outcome.talk += stats(result, reading, seconds_since(start) - reading);
  outcome.code = result.feasible ? kOk : kInfeasible;
  if (options.trace && answer.step) {
    write_file(*options.trace, write_trace(step_trace(*answer.step, point.cluster)));
  }
  deliver(find_writer(options.format)->write(result), options, outcome);
  return outcome;
}

}  // namespace traingrid

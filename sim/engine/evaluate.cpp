#include "engine/evaluate.hpp"

#include "engine/simulator.hpp"

#include <sys/resource.h>

#include <utility>

namespace traingrid {
namespace {

/// CPU time of this process and of the children it has waited for.
Seconds cpu_time() {
  Seconds sum;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      sum += (static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec)) * second;
  }
  return sum;
}

class StopWatch {
 public:
  Seconds lap() {
    const Seconds now = cpu_time();
    return now - std::exchange(last_, now);
  }

 private:
  Seconds last_ = cpu_time();
};

}  // namespace

Evaluation evaluate(const System& system, const Overrides& overrides, const PlacedProgram& placed, Folding folding) {
  std::vector<Seconds> work_times;
  for (const auto& work : placed.program->works)
    work_times.push_back(device_time(system.cluster.accelerator, work).total());
  const WorkTime work_time = [&](std::int32_t work, const RankClass& rank) {
    return work_times[static_cast<std::size_t>(work)] * rank.slowdown;
  };
  StopWatch watch;
  Evaluation evaluation;
  const Isolation isolation = folding == Folding::none ? Isolation::none : Isolation::durations;
  evaluation.step = build_template(system.fabric, system.tuning, overrides, placed, isolation);
  evaluation.times.listing = watch.lap();
  Folded folded = fold(evaluation.step, work_time, folding);
  evaluation.quotient = std::move(folded.quotient);
  evaluation.dag = std::move(folded.dag);
  evaluation.rounds = folded.rounds;
  evaluation.certified = folded.certified;
  evaluation.times.folding = watch.lap();
  evaluation.trace = simulate(evaluation.quotient, evaluation.dag);
  evaluation.times.running = watch.lap();
  return evaluation;
}

}  // namespace traingrid

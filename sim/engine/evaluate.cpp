#include "engine/evaluate.hpp"

#include "engine/simulator.hpp"
#include "fold/certify.hpp"
#include "fold/standstill.hpp"
#include "units/index.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>
#include <string>
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

/// By generation, that of the cluster first, and by work of the program.
std::vector<std::vector<Seconds>> work_times(const Cluster& cluster, const Program& program) {
  std::vector<std::vector<Seconds>> times(1 + cluster.generations.size());
  for (const auto& work : program.works) {
    times[0].push_back(device_time(cluster.accelerator, work).total());
    for (std::size_t g = 0; g < cluster.generations.size(); ++g)
      times[g + 1].push_back(device_time(cluster.generations[g].accelerator, work).total());
  }
  return times;
}

/// A slow accelerator is slow at streaming too, where that is a flow.
Overrides with_slow_memories(const System& system, Overrides overrides) {
  if (!system.cluster.node.kernels_share_memory) return overrides;
  for (const auto& slow : overrides.devices)
    overrides.links.push_back({system.fabric.memory(slow.device), 1 / slow.slowdown});
  return overrides;
}

bool has_flows(const Dag& dag) {
  return std::ranges::find(dag.activities, Activity::Kind::flow, &Activity::kind) != dag.activities.end();
}

/// Whether the certificate holds for the engine's course of events too. Throws std::logic_error if it is none.
bool certified_anew(const Evaluation& evaluation) {
  const Verdict verdict = certify_course(evaluation.step, evaluation.quotient, evaluation.dag, evaluation.trace);
  if (!verdict.finished) throw std::logic_error("the engine's dates do not follow from each other");
  return verdict.certified();
}

}  // namespace

const Accelerator& accelerator_of(const Cluster& cluster, const RankClass& rank) {
  return rank.generation < 0 ? cluster.accelerator : cluster.generations[index(rank.generation)].accelerator;
}

bool agree(const Trace& expected, const Trace& trace) {
  const Seconds tolerance = 1e-6 * expected.end + 1e-8 * second;
  return std::ranges::equal(expected.finish, trace.finish,
                            [&](Seconds a, Seconds b) { return std::max(a, b) - std::min(a, b) <= tolerance; });
}

Evaluation evaluate(const System& system, const Overrides& overrides, const PlacedProgram& placed, Folding folding) {
  const std::vector<std::vector<Seconds>> times = work_times(system.cluster, *placed.program);
  const WorkTime work_time = [&](std::int32_t work, const RankClass& rank) {
    return times[index(rank.generation + 1)][index(work)] * rank.slowdown;
  };
  StopWatch watch;
  Evaluation evaluation;
  const Isolation isolation = folding == Folding::none ? Isolation::none : Isolation::durations;
  evaluation.step =
      build_template(system.fabric, system.tuning, with_slow_memories(system, overrides), placed, isolation);
  for (Rank& rank : evaluation.step.ranks)
    rank.generation = system.cluster.generation_of(system.fabric.node_of(rank.device));
  evaluation.times.listing = watch.lap();
  Folding kind = folding;
  for (bool confirmed = false; !confirmed; kind = Folding::equitable) {
    Folded folded = fold(evaluation.step, work_time, kind);
    evaluation.quotient = std::move(folded.quotient);
    evaluation.dag = std::move(folded.dag);
    evaluation.rounds = folded.rounds;
    evaluation.certified = folded.certified;
    evaluation.times.folding += watch.lap();
    // where nothing is sent, dates are sums, and those of the certificate are right
    const bool sums = folded.certified && !has_flows(evaluation.dag);
    evaluation.trace = sums ? folded.expected : simulate(evaluation.quotient, evaluation.dag);
    evaluation.times.running += watch.lap();
    const std::string stuck = standstill(*placed.program, evaluation.quotient, evaluation.dag, evaluation.trace);
    if (!stuck.empty()) throw std::logic_error(stuck);
    confirmed = !folded.certified || agree(folded.expected, evaluation.trace) || certified_anew(evaluation);
  }
  return evaluation;
}

}  // namespace traingrid

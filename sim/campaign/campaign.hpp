// A whole run, simulated: every distinct batch is one evaluated step, repeated for its tokens.
#pragma once

#include "campaign/step.hpp"
#include "campaign/timeline.hpp"
#include "cluster/cluster.hpp"
#include "workload/run.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct DurationResult {
  Seconds time;
  std::optional<double> steps;           ///< unknown of a replay
  Seconds accelerator_time;              ///< accelerators × time, spares included
  std::optional<double> goodput;         ///< share of time that was useful; empty unless the run says what it lost
  std::optional<std::int64_t> failures;  ///< likewise
};

/// One evaluated step with what it was evaluated from.
struct SimulatedStep {
  Program program;
  Evaluation evaluation;
  StepResult result;
  int nodes_at_work = 0;
};

/// What everything draws during a step: the mean, and the highest of the IT.
struct StepPower {
  ItPower mean;
  Watts peak;
};
StepPower step_power(const SimulatedStep& step, const Cluster& cluster);

class StepMemo;

struct Campaign {
  std::string obstacle;            ///< why the design is infeasible, or empty
  std::vector<std::string> notes;  ///< what steps are made of, where they are not all alike
  Layout layout;
  Timeline timeline;
  std::shared_ptr<const SimulatedStep> step;             ///< at the full batch
  std::vector<std::vector<MemoryTerm>> memory_by_stage;  ///< also of an infeasible design
  std::vector<MemoryTerm> memory_terms;                  ///< of the fullest accelerator; also of an infeasible design
  std::vector<std::vector<MemoryTerm>> host_memory_by_stage;  ///< of an accelerator, where the run offloads
};

/// An infeasible design gives an obstacle; nothing of it is simulated. Steps that `memo` knows are not simulated again.
Campaign simulate_campaign(const Run& run, const Cluster& cluster, const Tuning& tuning,
                           const Overrides& overrides = {}, Folding folding = Folding::certified,
                           StepMemo* memo = nullptr);

/// How long a step of the full batch takes; or an obstacle.
struct StepTime {
  std::string obstacle;
  Seconds time;
};
/// That of the campaign's step, without all else that there is to know about it.
StepTime step_time(const Run& run, const Cluster& cluster, const Tuning& tuning, Folding folding = Folding::certified);

DurationResult duration_of(const Timeline& timeline);

/// What everything but the accelerators draws: the rest of the nodes with their power supplies' losses, switches,
/// storage. `accelerators` is what those draw, for the loss of the supplies they hang on; nodes without work draw less.
ItPower beside_accelerators(const Cluster& cluster, int working_nodes, Watts accelerators);

}  // namespace traingrid

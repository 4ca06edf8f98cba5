// Steps that were simulated, by what they were simulated from: a run that differs in prices, watts or length alone
// simulates nothing again.
#pragma once

#include "campaign/campaign.hpp"
#include "cluster/cluster.hpp"
#include "cluster/overrides.hpp"
#include "collective/plan.hpp"
#include "fold/fold.hpp"
#include "workload/run.hpp"
#include "workload/training_step.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

namespace traingrid {

/// The arguments of a simulation, without what no date of a step depends on.
struct StepInputs {
  Run run;
  Cluster cluster;
  Tuning tuning;
  Overrides overrides;
  Folding folding = Folding::certified;

  friend bool operator==(const StepInputs&, const StepInputs&) = default;
};
StepInputs step_inputs(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                       Folding folding);

/// Batch, whether it is what pruning leaves, and its kind.
using StepKey = std::tuple<std::int64_t, bool, StepKind>;

/// Holds the steps of one design: those of all samples of a run would fill the memory.
class StepMemo {
 public:
  using Steps = std::map<StepKey, std::shared_ptr<const SimulatedStep>>;

  /// Those known of this design; steps of another one are forgotten.
  Steps& steps_of(StepInputs inputs);

  using Powers = std::map<StepKey, StepPower>;
  /// Those known of the steps asked for last, on a cluster that draws as this one does.
  Powers& powers_of(const Cluster& cluster);

 private:
  std::optional<StepInputs> inputs_;
  std::optional<Cluster> powered_;
  Steps steps_;
  Powers powers_;
};

}  // namespace traingrid

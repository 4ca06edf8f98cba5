// A row of published training steps as what was run: model, layout, machine, software, and the number to compare.
#pragma once

#include "input/node.hpp"
#include "study/step_systems.hpp"
#include "study/step_target.hpp"
#include "workload/run.hpp"

#include <map>
#include <string>

namespace traingrid {

/// What rows are resolved with.
struct StepContext {
  StepSystems systems;
  std::map<std::string, Software> software;  ///< by name
};

struct MeasuredStep {
  std::string id, suite;
  StepTarget target;
  Run run;
  Cluster cluster;
  std::string reason;      ///< why it cannot be simulated; empty if it can
  std::string assumption;  ///< about what the row does not say, where that was decided by what fits
};

/// Which fields say what was run never includes a measured one: times, throughputs and utilisations are read for the
/// target only.
MeasuredStep measured_step(const Node& record, const StepContext& context);

}  // namespace traingrid

// A row of published training steps as what was run: model, layout, machine, software, and the number to compare.
#pragma once

#include "input/node.hpp"
#include "study/step_systems.hpp"
#include "study/step_target.hpp"
#include "workload/run.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace traingrid {

/// What rows are resolved with.
struct StepContext {
  StepSystems systems;
  std::map<std::string, Software> software;  ///< by name
  std::map<std::string, Model> models;       ///< by name
};

/// What of a training was measured: whole steps; whole steps with capabilities added one by one; one layer by itself.
enum class MeasuredKind { step, ablation, layer };
template <>
struct Spellings<MeasuredKind> {
  static constexpr std::array<std::string_view, 3> names{"step", "ablation", "layer"};
};

struct MeasuredStep {
  std::string id, suite;
  MeasuredKind kind = MeasuredKind::step;
  StepTarget target;
  Run run;
  Cluster cluster;
  std::vector<std::string> assumed;  ///< what the row does not say and its suite does
  std::string reason;                ///< why it cannot be simulated; empty if it can
};

/// Which fields say what was run never includes a measured one: times, throughputs and utilisations are read for the
/// target only.
MeasuredStep measured_step(const Node& record, const StepContext& context);

}  // namespace traingrid

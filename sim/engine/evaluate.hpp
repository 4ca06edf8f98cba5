// A step as a pure function: a fabric, departures from health, programs on accelerators → what happened when.
#pragma once

#include "cluster/device.hpp"
#include "cluster/fabric.hpp"
#include "fold/fold.hpp"
#include "fold/trace.hpp"

namespace traingrid {

/// What a step runs on.
struct System {
  const Cluster& cluster;
  const Fabric& fabric;
  const Tuning& tuning;
};

/// CPU time that each stage took, for `--stats`.
struct StageTimes {
  Seconds listing;  ///< the template: ranks, groups, streams, links
  Seconds folding;  ///< classes, activities, certificate
  Seconds running;  ///< SimGrid
};

/// A step with everything needed to read its trace.
struct Evaluation {
  Template step;
  Quotient quotient;
  Dag dag;
  Trace trace;
  int rounds = 0;
  bool certified = false;
  StageTimes times;
};

/// What the ranks of a class compute with.
const Accelerator& accelerator_of(const Cluster& cluster, const RankClass& rank);

/// Whether no date differs by more than a millionth of the step: two programs that know nothing of each other ran the
/// same activities.
bool agree(const Trace& expected, const Trace& trace);

/// Where the engine takes another course than the certificate was given for, as it may where differences of rounding
/// grow, the certificate has to hold for that one too; or the equitable folding is taken. Same arguments, same trace.
/// Kernels take what the accelerator takes for them, times the slowdown of the device.
Evaluation evaluate(const System& system, const Overrides& overrides, const PlacedProgram& placed,
                    Folding folding = Folding::certified);

}  // namespace traingrid

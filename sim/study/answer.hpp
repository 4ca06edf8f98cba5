// One point of a study: a run on a cluster at a site, simulated or replayed, taken through all rooms to its result.
#pragma once

#include "campaign/campaign.hpp"
#include "collective/library.hpp"
#include "cost/epoch_accounting.hpp"
#include "cost/ownership.hpp"
#include "facility/site.hpp"
#include "study/result.hpp"
#include "workload/run.hpp"

#include <memory>

namespace traingrid {

/// Everything a point is computed from.
struct Point {
  Run run;
  Cluster cluster;
  Site site;
  EpochAccounting accounting;
  Ownership ownership;
  Library library;  ///< of the run's software
  Folding folding = Folding::certified;
};

/// A result and, of a simulated point, the step behind it.
struct Answer {
  Result result;
  std::shared_ptr<const SimulatedStep> step;
};

/// The cluster as far as the run has nodes of it, or the reason why it cannot have them.
struct Allocation {
  Cluster cluster;
  std::string obstacle;
};
Allocation allocate(const Run& run, const Cluster& cluster);

class StepMemo;

/// Steps that `memo` knows are not simulated again.
Answer simulate_point(const Point& point, StepMemo* memo = nullptr);

/// Needs a replayable `published` block.
Result replay_point(const Point& point);

}  // namespace traingrid

// A run as its authors published it: time and power follow from a few printed numbers, not from the model.
#pragma once

#include "campaign/timeline.hpp"
#include "workload/published.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// What a replay takes from the run and the cluster beside the published numbers.
struct ReplayContext {
  ItPower beside_accelerators;  ///< hosts, network and storage; added only to a power that is of the accelerators alone
  double tokens = 0;
};

/// One segment of constant power. Power that is published all in, and a published IT energy, are not split by part:
/// they stand under `accelerators`. Needs published.replayable().
Timeline replay(const Published& published, const ReplayContext& context);

/// What a reader of the results should know about this replay, one sentence each.
std::vector<std::string> notes_on(const Published& published);

}  // namespace traingrid

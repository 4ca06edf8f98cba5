// `--samples N`: the same point with other values of its intervals.
#pragma once

#include "campaign/step_memo.hpp"
#include "cli/load.hpp"
#include "cli/options.hpp"
#include "study/result.hpp"

namespace traingrid {

/// Fills in the intervals of a result that has been signed, if samples are asked for. `memo` knows the steps of the
/// result.
void add_samples(Result& result, const RunOptions& options, const PointFiles& files, StepMemo& memo);

}  // namespace traingrid

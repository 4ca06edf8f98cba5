// Executes a folded step on SimGrid: flows share links max-min fair, timers stand for compute and latency.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/trace.hpp"

namespace traingrid {

/// Runs in a child process, because SimGrid's clock and callbacks outlive an engine. Deterministic.
/// Dates of activities that never become ready are not numbers. Throws std::runtime_error if the child fails.
Trace simulate(const Quotient& quotient, const Dag& dag);

}  // namespace traingrid

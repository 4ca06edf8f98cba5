// A second opinion on the engine: the same activities event by event, with rates by progressive filling and no SimGrid.
// Bertsekas and Gallager, "Data Networks", 2nd edition 1992, section 6.5.2.
#pragma once

#include "fold/dag.hpp"
#include "fold/trace.hpp"

#include <vector>

namespace traingrid {

/// Max-min fair rates of one flow on each of these stream classes, all at the same time; infinite on no link.
std::vector<Bandwidth> fair_rates(const Quotient& quotient, const std::vector<std::int32_t>& streams);

/// When each activity begins and ends; activities that never become ready keep date 0. O(events · live flows · links).
Trace progressive_filling(const Quotient& quotient, const Dag& dag);

}  // namespace traingrid

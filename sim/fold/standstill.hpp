// Why a step does not come to its end: who waits for what.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/trace.hpp"

#include <string>

namespace traingrid {

/// What is wrong with a trace in which activities never finish (their dates are not numbers), with the operation at
/// which each of the first few rank classes is stuck; empty if all finish.
std::string standstill(const Program& program, const Quotient& quotient, const Dag& dag, const Trace& trace);

}  // namespace traingrid

// Whether everything that the members of a class wait for comes at the dates at which it comes for their
// representative.
#pragma once

#include "fold/certify.hpp"

namespace traingrid {

/// Adds to a verdict what comes at other dates in its own trace.
void check_dates(const Template& step, const Quotient& quotient, const Dag& dag, const Variants& variants,
                 Verdict& verdict);

}  // namespace traingrid

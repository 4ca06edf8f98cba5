// Whether a coarse folding is right, found out by running it: at every date each stream of every class must be held
// back by a link of its own.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/rows.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

/// An allocation is the max-min fair one if and only if every flow has a bottleneck: a full link on which no other is
/// faster. The rates of a quotient are within all capacities by its construction, so they are those of the unfolded
/// step as long as the classes' members all have one. Classes whose members cross different kinds of rows are the ones
/// to look at. Bertsekas and Gallager, "Data Networks", 2nd edition 1992, section 6.5.2.
struct Verdict {
  std::vector<std::int32_t>
      failed;   ///< stream classes some of whose members are held back by no link; empty: certified
  Seconds end;  ///< of the step, or where it failed
};
Verdict certify(const Quotient& quotient, const Dag& dag, const Rows& rows);

}  // namespace traingrid

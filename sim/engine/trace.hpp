// When each activity of a folded step began and ended.
#pragma once

#include "units/quantity.hpp"

#include <vector>

namespace traingrid {

struct Trace {
  std::vector<Seconds> start;  ///< when an activity could begin: all its predecessors had finished
  std::vector<Seconds> finish;
  Seconds end;  ///< of the last activity
};

}  // namespace traingrid

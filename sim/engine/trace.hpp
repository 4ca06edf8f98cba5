// When each activity of a folded step began and ended.
#pragma once

#include "fold/dag.hpp"
#include "units/quantity.hpp"

#include <vector>

namespace traingrid {

struct Trace {
  std::vector<Seconds> start;  ///< when an activity could begin: all its predecessors had finished
  std::vector<Seconds> finish;
  Seconds end;  ///< of the last activity

  /// When an operation ended; it may not have taken any time.
  Seconds end_of(const Event& event) const {
    if (event.end < 0) return {};
    const auto i = static_cast<std::size_t>(event.end);
    return event.within < Seconds{} ? finish[i] : start[i] + event.within;
  }
};

}  // namespace traingrid

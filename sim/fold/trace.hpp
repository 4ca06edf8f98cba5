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

  Seconds at(const Moment& moment) const {
    if (moment.activity < 0) return {};
    const auto i = static_cast<std::size_t>(moment.activity);
    return moment.within < Seconds{} ? finish[i] : start[i] + moment.within;
  }
  /// When an operation ended; it may not have taken any time.
  Seconds end_of(const Event& event) const { return at({event.end, event.within}); }
};

}  // namespace traingrid

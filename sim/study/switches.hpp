// What each capability of software and layout is worth: the step simulated again with it turned the other way.
#pragma once

#include "study/answer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A capability, how it stands, and the step time at the full batch with it turned.
struct TurnedCapability {
  std::string_view name;  ///< of the run file
  std::string state, turned;
  std::optional<Seconds> step_time;
  std::string obstacle;  ///< why there is none
};

/// One for each line of the table in switches.cpp.
std::vector<TurnedCapability> switches(const Point& point);

}  // namespace traingrid

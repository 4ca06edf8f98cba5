// What doubling each resource of a design gives: the changed design is simulated again, no term is scaled.
#pragma once

#include "study/answer.hpp"
#include "units/quantity.hpp"

#include <string_view>
#include <vector>

namespace traingrid {

/// Step time at the full batch with one resource doubled.
struct Doubling {
  std::string_view resource;
  std::string_view key;  ///< of the cluster file
  Seconds step_time;
};

/// One for each resource of the table in doubling.cpp. Needs a feasible point.
std::vector<Doubling> doublings(const Point& point);

}  // namespace traingrid

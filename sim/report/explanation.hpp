// Why a result is what it is: where time, energy and money go, the busiest links, what doubling each resource gives,
// and every constant that was read, with its source.
#pragma once

#include "study/doubling.hpp"
#include "study/result.hpp"
#include "study/switches.hpp"

#include <string>
#include <vector>

namespace traingrid {

std::string write_explanation(const Result& result, const std::vector<Doubling>& doublings,
                              const std::vector<TurnedCapability>& switches);

}  // namespace traingrid

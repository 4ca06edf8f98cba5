// Classes that a run could not tell apart: whatever they do, they do at the same dates.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/template.hpp"
#include "fold/trace.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

/// By class, the first class that is like it; its own number if there is none before it.
struct Alike {
  std::vector<std::int32_t> rank, group;
};

/// Only what is made alike can be alike: ranks of a role, groups of a shape.
Alike alike(const Template& step, const Quotient& quotient, const Dag& dag, const Trace& trace);

}  // namespace traingrid

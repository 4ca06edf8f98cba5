// Published measurements of collectives against the same collectives simulated. What is simulated follows from the
// fields that say what was run, never from the measured ones, nor from the row's name.
#pragma once

#include "collective/library.hpp"
#include "input/node.hpp"
#include "input/problems.hpp"
#include "study/comparison.hpp"
#include "study/testbed.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// What measurements are compared with, and which of them the constants in use were fitted to.
struct CollectiveValidation {
  Testbed testbed;
  Library library;
  std::string calibrated_on;  ///< names of rows, anywhere in the text
};

/// All rows of a file with `records`, in its order. What is no such file is a problem.
std::vector<Comparison> validate_collectives(const Node& file, const CollectiveValidation& context, Problems& problems);

}  // namespace traingrid

// Published training steps against the same steps simulated. What is simulated follows from the fields that say what
// was run, never from the measured ones, nor from the row's name.
#pragma once

#include "collective/library.hpp"
#include "input/node.hpp"
#include "input/problems.hpp"
#include "study/comparison.hpp"
#include "study/measured_step.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct StepValidation {
  StepContext resolve;
  std::map<std::string, Library> libraries;  ///< by name
  bool calibrated = true;                    ///< constants were fitted to the rows that the systems name
  std::optional<std::string> suite;          ///< rows of others are left out
};

/// All rows of a file with `records`, in its order. What is no such file is a problem.
std::vector<Comparison> validate_steps(const Node& file, const StepValidation& context, Problems& problems);

}  // namespace traingrid

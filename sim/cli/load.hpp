// From names to everything that a run is computed from.
#pragma once

#include "input/inputs.hpp"
#include "study/answer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Selection {
  std::string run;                               ///< a name of the catalogue or a path, like the next two
  std::optional<std::string> cluster{}, site{};  ///< instead of those that the run names
  std::optional<std::string> ownership{};        ///< instead of the usual one
  std::vector<std::string> sets{};               ///< "a.b=v", over what the files say
};

/// Reads the run, its cluster, its site and the accounting. Problems stay in the inputs: finish() them.
Point load_point(const Selection& selection, Inputs& inputs);

}  // namespace traingrid

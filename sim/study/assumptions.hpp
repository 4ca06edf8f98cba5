// What a result rests on that nobody published: values whose source begins with "assumption".
#pragma once

#include "input/inputs.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// A sentence for each assumption of the run, and one that counts those of the rest of the catalogue.
std::vector<std::string> notes_on_assumptions(const std::vector<ConstantRead>& constants);

}  // namespace traingrid

// YAML text to a Node. The traps of YAML are refused here: duplicate and merge keys, tags, several documents, deep
// nesting.
#pragma once

#include "input/node.hpp"

#include <memory>

namespace traingrid {

class Problems;

/// Parses the text from byte `offset` on; what is wrong is added to the problems. The result is of kind `invalid` if
/// nothing in it is usable. Anchors and aliases are copied.
Node parse_yaml(const std::shared_ptr<const SourceFile>& file, Problems& problems, std::size_t offset = 0);

}  // namespace traingrid

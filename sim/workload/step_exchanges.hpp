// When in a step gradients are exchanged.
#pragma once

#include "workload/layout.hpp"
#include "workload/schedule.hpp"

#include <vector>

namespace traingrid {

/// The visits after which a chunk's gradients are complete; if they are sharded, those after which another chunk's turn
/// comes, so that only one chunk's gradients are whole at a time.
std::vector<bool> reducing_visits(const Layout& layout, const std::vector<Visit>& visits);

}  // namespace traingrid

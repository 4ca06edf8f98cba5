// What accelerators and their hosts do with one another, as flows over the link between them and the host's memory.
#pragma once

#include "collective/plan.hpp"

namespace traingrid {

/// Every member copies its part of the bytes, or has its host update as many. Throws std::logic_error if the cluster
/// describes no host.
Plan host_plan(const Tuning& tuning, Collective kind);

}  // namespace traingrid

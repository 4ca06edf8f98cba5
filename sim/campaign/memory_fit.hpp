// Whether accelerators and hosts hold what a run keeps in them.
#pragma once

#include "campaign/campaign.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// Why the accelerators hold too little, term by term; or nothing.
std::string memory_obstacle(const Cluster& cluster, const std::vector<std::vector<MemoryTerm>>& stages);
/// Why the hosts do, or that nodes have none; or nothing.
std::string host_memory_obstacle(const Cluster& cluster, const std::vector<std::vector<MemoryTerm>>& stages);

/// What the campaign says about memory, as figures of its step.
void fill_memory(const Campaign& campaign, const Cluster& cluster, StepResult& result);

}  // namespace traingrid

// A simulated step as a timeline: one process per pipeline stage, tracks for compute and each kind of communication.
#pragma once

#include "campaign/campaign.hpp"
#include "cluster/accelerator.hpp"
#include "report/trace.hpp"

namespace traingrid {

/// Of every stage one accelerator is shown, its power beside it, the power of all accelerators together, and the load
/// of the busiest link of every level of the network.
StepTrace step_trace(const SimulatedStep& step, const Cluster& cluster);

}  // namespace traingrid

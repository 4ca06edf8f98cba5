// What a simulated step amounts to: time and where it goes, rates, memory, links, and the power drawn meanwhile.
#pragma once

#include "campaign/links.hpp"
#include "campaign/roofline.hpp"
#include "campaign/timeline.hpp"
#include "engine/evaluate.hpp"
#include "units/quantity.hpp"
#include "workload/layout.hpp"
#include "workload/memory.hpp"
#include "workload/run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// A collective of a step, and how the groups of its communicator carry it out.
struct CollectiveUse {
  std::string communicator, collective;
  Bytes message;
  GroupShape group;  ///< of the first
  std::string algorithm, protocol;
  std::string rule;  ///< why this one
};

/// Where the time of one accelerator goes.
struct Breakdown {
  Seconds compute, recompute, tensor, context, expert;
  Seconds pipeline_bubble;  ///< waiting for work of other stages
  Seconds pipeline_p2p;     ///< waiting for a message on its way
  Seconds data, optimizer;
  Seconds offload;     ///< waiting for copies to the host and back
  Seconds host;        ///< waiting for the host: launches, and overheads of micro-batch and step
  Seconds stragglers;  ///< waiting for the slowest of all accelerators, beyond what this one takes
  Seconds other;
};

struct StepResult {
  Seconds time;
  double tokens_per_s = 0, samples_per_s = 0;
  FlopRate model_flops_per_accelerator;  ///< model FLOP (recomputation not counted) per second and working accelerator
  double mfu = 0, hfu = 0;               ///< of the dense peak of the run's precision; hfu counts recomputation
  Bytes memory_peak, memory_capacity;    ///< of the fullest accelerator
  std::vector<MemoryTerm> memory_terms;  ///< of the fullest accelerator
  std::vector<std::vector<MemoryTerm>> memory_by_stage;
  /// What the host holds for one accelerator, and has for it; of a run that offloads.
  std::optional<Bytes> host_memory_peak, host_memory_capacity;
  std::vector<MemoryTerm> host_memory_terms;
  std::vector<std::vector<MemoryTerm>> host_memory_by_stage;
  std::optional<Seconds> waiting_for_copies() const;  ///< of the breakdown, in such a run
  Breakdown breakdown;                                ///< of the accelerator that works longest; sums to `time`
  double activities = 0;                              ///< transfers and stretches of compute of all accelerators
  double classes = 0;                                 ///< of them SimGrid executed that many
  std::vector<LinkUse> links;                         ///< by level of the fabric
  std::vector<CollectiveUse> collectives;             ///< by communicator, kind and size
  std::vector<OperatorUse> operators;                 ///< of the accelerator that works longest, longest first
  double ridge = 0;  ///< FLOP per byte above which the run's precision is limited by arithmetic
};

/// A stretch of the step in which the accelerators of a rank class draw `power`.
struct PowerSpan {
  Seconds start, end;
  Watts power;
};

/// What an operation of a rank class was, and when.
struct Span {
  Seconds start, end;
  Term term = Term::compute;
  Operation::Kind kind = Operation::Kind::compute;
  std::int32_t block = 0, micro_batch = 0;
  Seconds transfer;  ///< of a collective: when all members were there; of a receive: when the message set off
  int work = -1;     ///< of compute
};

/// All operations that took time, in order and without gaps except at the end of the step.
std::vector<Span> spans_of(const Evaluation& evaluation, const Program& program, std::size_t rank_class);

/// Power of one accelerator of the class, from start to end of the step.
std::vector<PowerSpan> power_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster,
                                std::size_t rank_class);

/// Power of all working accelerators together: where it changes, and to what.
struct PowerStep {
  Seconds at;
  Watts power;
};
std::vector<PowerStep> cluster_power(const Evaluation& evaluation, const Program& program, const Cluster& cluster);

/// Without stragglers, which are no part of the evaluation.
Breakdown breakdown_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster);
/// Of the same accelerator.
std::vector<OperatorUse> operators_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster);

/// By how much the slowest of that many accelerators prolongs the step.
Seconds straggling(const Accelerator& accelerator, double accelerators, Seconds step);
std::vector<CollectiveUse> collective_use(const Evaluation& evaluation);

}  // namespace traingrid

// The one answer of a run, as every writer prints it (JSON schema "traingrid.result/1"). Writers never compute.
#pragma once

#include "campaign/timeline.hpp"
#include "cost/cost.hpp"
#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/water.hpp"
#include "units/quantity.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct NamedInput {
  std::string path;    ///< relative to the catalogue, or as typed
  std::string sha256;  ///< of the bytes read
};

/// A figure that was published about the run, to print beside ours. `name` is the field of the result it belongs to.
struct PublishedFigure {
  std::string name;  ///< "duration.days", "energy.facility_mwh", …
  double value = 0;  ///< in the unit of that field
  std::string source;
};

/// A constant that was read for this result.
struct Constant {
  std::string path;    ///< "accelerator.memory.bandwidth"
  std::string value;   ///< as written
  std::string source;  ///< nearest `source` above it; empty for a choice of the user's, which needs none
  std::string file;    ///< "platforms/accelerators/v100.yaml:12"
};

struct MemoryTerm {
  std::string name;  ///< "weights", "gradients", "optimizer states", "activations", …
  Bytes bytes;
};

struct LinkUse {
  std::string level;        ///< "nvlink", "nic", "leaf uplink", …
  std::string busiest;      ///< name of the link
  double utilisation = 0;   ///< mean over the step, 0..1
};

struct Breakdown {
  Seconds compute, recompute, tensor, context, expert, pipeline_bubble, pipeline_p2p, data, optimizer, other;
};

struct StepResult {
  Seconds time;
  double tokens_per_s = 0, samples_per_s = 0;
  FlopRate model_flops_per_accelerator;  ///< model FLOP (recomputation not counted) per second and working accelerator
  double mfu = 0, hfu = 0;               ///< of the dense peak of the run's precision; hfu counts recomputation
  Bytes memory_peak, memory_capacity;    ///< of the fullest accelerator
  std::vector<MemoryTerm> memory_terms;  ///< of the fullest accelerator
  Breakdown breakdown;                   ///< of the critical accelerator; sums to `time`
  double activities = 0;                 ///< of the unfolded step
  double classes = 0;                    ///< activities that SimGrid executed
  std::vector<LinkUse> links;
};

struct DurationResult {
  Seconds time;
  double steps = 0;
  Seconds accelerator_time;  ///< accelerators × time, spares included
  double goodput = 1;
  std::int64_t failures = 0;
};

struct Result {
  bool replayed = false;
  bool feasible = true;
  std::string reason;              ///< why not feasible
  std::vector<std::string> notes;  ///< assumptions and inputs without effect, one sentence each
  std::string run_name, cluster_name, accelerator_name, site_name;
  std::int64_t accelerators = 0, nodes = 0, working_accelerators = 0;
  std::optional<StepResult> step;  ///< simulated runs; also, memory only, infeasible ones
  std::optional<DurationResult> duration;
  std::optional<EnergyResult> energy;
  std::optional<CarbonResult> carbon;
  std::optional<WaterResult> water;
  std::optional<CostResult> cost;
  std::vector<PublishedFigure> published;
  std::string version, command;
  std::vector<NamedInput> inputs;
  std::vector<Constant> constants;
};

}  // namespace traingrid

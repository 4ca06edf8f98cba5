// The one answer of a run, as every writer prints it (JSON schema "traingrid.result/1"). Writers never compute.
#pragma once

#include "campaign/timeline.hpp"
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

struct EnergyResult {
  Joules it, facility;
  double pue = 1;
  Watts mean_it, peak_it, peak_facility;
  ItEnergy it_parts;
  Joules conversion, cooling, other;  ///< facility minus IT: electrical chain, cooling, and what a constant PUE does not split
};

struct CarbonResult {
  Kilograms location;
  std::optional<Kilograms> market, embodied;
  CarbonIntensity intensity;  ///< mean over the run, location-based
};

struct WaterResult {
  std::optional<CubicMetres> onsite, offsite;
  std::optional<WaterIntensity> wue;  ///< per IT energy
};

/// Epoch AI's accounting (Cottier et al. 2024), in nominal USD of the run.
struct EpochCost {
  Dollars hardware, interconnect, energy, total, upfront;
  Joules energy_used;  ///< of Epoch's own TDP model, not of the simulation
};

struct CostResult {
  std::optional<EpochCost> epoch;
  std::optional<Dollars> cloud;
  std::optional<Dollars> tco;
  std::optional<HourlyPrice> tco_per_accelerator_hour;
  std::optional<int> price_year;
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

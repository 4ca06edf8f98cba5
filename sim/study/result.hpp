// The one answer of a run, as every writer prints it (JSON schema "traingrid.result/1"). Writers never compute.
#pragma once

#include "campaign/campaign.hpp"
#include "cost/cost.hpp"
#include "facility/bill.hpp"
#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/heat_reuse.hpp"
#include "facility/water.hpp"
#include "input/inputs.hpp"
#include "units/quantity.hpp"
#include "workload/savings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// A figure that was published about the run, to print beside ours. `name` is the field of the result it belongs to.
struct PublishedFigure {
  std::string name;  ///< "duration.days", "energy.facility_mwh", …
  double value = 0;  ///< in the unit of that field
  std::string source;
};

struct Result {
  bool replayed = false;
  bool feasible = true;
  std::string reason;              ///< why not feasible
  std::vector<std::string> notes;  ///< assumptions and inputs without effect, one sentence each
  std::string run_name, cluster_name, accelerator_name, site_name;
  std::int64_t accelerators = 0, nodes = 0;
  std::optional<std::int64_t> working_accelerators;  ///< the rest are spares; of a simulated run that has a layout
  ModelSize model;
  std::optional<StepResult> step;  ///< simulated runs; of an infeasible one only the memory, and no time
  std::optional<DurationResult> duration;
  std::optional<EnergyResult> energy;
  std::optional<CarbonResult> carbon;
  std::optional<WaterResult> water;
  std::optional<ReuseResult> reuse;
  std::optional<Bill> bill;
  std::optional<CostResult> cost;
  std::vector<PublishedFigure> published;
  std::string version, command;
  std::vector<OpenedFile> inputs;
  std::vector<ConstantRead> constants;  ///< everything that was read for this result
};

}  // namespace traingrid

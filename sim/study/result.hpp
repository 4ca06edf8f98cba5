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
#include <map>
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

/// How far an uncertain input decides a figure: their rank correlation over the samples (Spearman 1904). Its square is
/// the share of the variance of the figure's ranks that the input explains.
struct Influence {
  std::string input;  ///< "site.grid.intensity"
  double rank_correlation = 0;

  double explained() const { return rank_correlation * rank_correlation; }
  friend bool operator==(const Influence&, const Influence&) = default;
};

/// What a figure that is not known exactly is below in 5, 50 and 95 of 100 cases, in the unit of its field.
struct Interval {
  double p5 = 0, p50 = 0, p95 = 0;
  std::vector<Influence> influences{};  ///< the inputs that matter most, if it comes of samples

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// A published step of the same accelerator, and by how much our step time was off.
struct NearestRow {
  std::string id, suite;
  double distance = 0;
  double error_pct = 0;
};

struct Nearest {
  std::vector<NearestRow> rows;  ///< nearest first; none if no step of the accelerator was published
  std::size_t near = 0;          ///< so many of them, the first, are near enough to say something
  /// Measured over simulated times: among those that are near; or on all accelerators that nothing was fitted to, for
  /// one of them that has no near row; else nothing.
  std::optional<Interval> factor;
};

struct Result {
  bool replayed = false;
  bool feasible = true;
  std::string reason;              ///< why not feasible
  std::vector<std::string> notes;  ///< assumptions and inputs without effect, one sentence each
  std::string run_name, cluster_name, accelerator_name, site_name;
  std::int64_t accelerators = 0, nodes = 0;
  std::int64_t whole_nodes = 0;  ///< of the machine that `nodes` are a part of; 0 if they are all of it
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
  std::map<std::string, Interval> intervals;  ///< by the field of the result, of those that are not known exactly
  std::optional<Nearest> nearest;             ///< of a simulated run
  std::string version, command;
  std::vector<OpenedFile> inputs;
  std::vector<ConstantRead> constants;  ///< everything that was read for this result
};

}  // namespace traingrid

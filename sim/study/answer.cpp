#include "study/answer.hpp"

#include "campaign/memory_fit.hpp"
#include "campaign/replay.hpp"
#include "facility/bill.hpp"
#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/heat_reuse.hpp"
#include "facility/operation.hpp"
#include "facility/water.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace traingrid {
namespace {

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Result identified(const Point& point, const Cluster& cluster) {
  Result result;
  result.run_name = point.run.name;
  result.cluster_name = cluster.name;
  result.accelerator_name = cluster.accelerator.name;
  result.site_name = point.site.name;
  result.accelerators = cluster.accelerators();
  result.nodes = cluster.nodes;
  result.whole_nodes = cluster.whole_nodes;
  result.model = model_size(point.run);
  if (point.run.published) {
    for (const auto& [name, figure] : point.run.published->figures) {
      result.published.push_back({name, figure.value, figure.source});
    }
  }
  return result;
}

/// Of making the hardware, as long as the run has it.
std::optional<Kilograms> embodied_carbon(const Cluster& cluster, double share) {
  const auto& device = cluster.accelerator.economics.embodied;
  return device ? std::optional{share * (*device + cluster.node.embodied / cluster.node.accelerators)} : std::nullopt;
}

std::optional<CubicMetres> manufacturing_water(const Cluster& cluster, double share) {
  const auto each = cluster.accelerator.economics.manufacturing_water;
  return each ? std::optional{share * *each} : std::nullopt;
}

/// What everything draws while nothing runs.
Watts idle_it_power(const Cluster& cluster) {
  const Watts accelerators = cluster.accelerators() * cluster.accelerator.power.idle;
  return accelerators + beside_accelerators(cluster, 0, accelerators).total();
}

Metered metered(const Cluster& cluster, const Result& result) {
  const EnergyResult& energy = *result.energy;
  const Bill& bill = *result.bill;
  const auto units = static_cast<double>(result.accelerators);
  Metered metered{.it_peak = energy.peak_it / units,
                  .busy = energy.facility / result.duration->time / units,
                  .idle = idle_it_power(cluster) * energy.pue / cluster.accelerators(),
                  .water = bill.water / energy.facility,
                  .carbon = bill.carbon / energy.facility,
                  .demand_per_year = bill.demand * year / energy.facility,
                  .goodput = result.duration->goodput.value_or(1)};
  if (bill.electricity) metered.electricity = *bill.electricity / energy.facility;
  return metered;
}

/// Facility and cost see only the timeline: simulated or replayed makes no difference to them.
void account(const Point& point, const Cluster& cluster, const Timeline& planned, Result& result) {
  const Operated operated = operate(planned, point.site, midnight(point.run.start));
  const Timeline& timeline = operated.timeline;
  result.duration = duration_of(timeline);
  if (!result.replayed && point.run.lost_time > 0) result.duration->goodput = 1 - point.run.lost_time;
  result.energy = energy_of(timeline, point.site, operated.start);
  // of the lives of all accelerators together
  const double lives =
      timeline.accelerators * HardwareUse{result.duration->time, cluster.life, cluster.utilisation}.share();
  result.carbon = carbon_of(*result.energy, point.site, std::nullopt);
  result.carbon->embodied = embodied_carbon(cluster, lives);
  result.water = water_of(*result.energy, point.site);
  result.water->manufacturing = manufacturing_water(cluster, lives);
  result.reuse = reuse_of(*result.energy, point.site);
  result.bill = bill_of(*result.energy, *result.water, *result.carbon, point.site);
  const CostedRun costed{.start = point.run.start,
                         .publication = point.run.publication,
                         .organisation = point.run.organisation,
                         .accelerators = timeline.accelerators,
                         .accelerator_time = result.duration->accelerator_time,
                         .tokens = point.run.tokens,
                         .contributors = point.run.contributors,
                         .metered = metered(cluster, result)};
  const CostInputs inputs{cluster.accelerator.economics, costed, point.accounting, &point.ownership};
  result.cost = cost_of(inputs);
  append(result.notes, notes_on(point.site));
  append(result.notes, notes_on(operated, point.site));
  append(result.notes, notes_on(*result.carbon));
  append(result.notes, notes_on(*result.water, point.site));
  append(result.notes, notes_on(inputs));
}

}  // namespace

Allocation allocate(const Run& run, const Cluster& cluster) {
  Allocation allocation{cluster, ""};
  if (!run.nodes) return allocation;
  if (*run.nodes > cluster.nodes) {
    allocation.obstacle =
        fmt::format("too few nodes: the run asks for {}, the cluster has {}", *run.nodes, cluster.nodes);
  } else {
    allocation.cluster.whole_nodes = cluster.nodes;
    allocation.cluster.nodes = *run.nodes;
  }
  return allocation;
}

Answer simulate_point(const Point& point, StepMemo* memo) {
  const Allocation allocation = allocate(point.run, point.cluster);
  Result result = identified(point, allocation.cluster);
  Campaign campaign{.obstacle = allocation.obstacle};
  if (campaign.obstacle.empty()) {
    const Tuning tuning = tuning_of(allocation.cluster, point.library, point.run.collectives);
    campaign = simulate_campaign(point.run, allocation.cluster, tuning, {}, point.folding, memo);
    if (!campaign.layout.layers.empty()) result.working_accelerators = campaign.layout.ranks();
  }
  if (!campaign.obstacle.empty()) {
    result.feasible = false;
    result.reason = campaign.obstacle;
    if (!campaign.memory_terms.empty()) {
      result.step.emplace();
      fill_memory(campaign, allocation.cluster, *result.step);
    }
    return {std::move(result), nullptr};
  }
  if (const auto spares = result.accelerators - *result.working_accelerators; spares > 0) {
    result.notes.push_back(
        fmt::format("{} of {} accelerators are spares: idle watts, full cost.", spares, result.accelerators));
  }
  result.step = campaign.step->result;
  append(result.notes, campaign.notes);
  account(point, allocation.cluster, campaign.timeline, result);
  return {std::move(result), campaign.step};
}

Result replay_point(const Point& point) {
  const Published& published = *point.run.published;
  Cluster cluster = point.cluster;
  cluster.whole_nodes = cluster.nodes;
  cluster.nodes = static_cast<int>(std::ceil(*published.accelerators / cluster.node.accelerators));
  Result result = identified(point, cluster);
  result.replayed = true;
  result.accelerators = std::llround(*published.accelerators);
  if (cluster.nodes > cluster.whole_nodes) {
    result.feasible = false;
    result.reason = fmt::format("the published {:.0f} accelerators are {} nodes; the cluster has {}",
                                *published.accelerators, cluster.nodes, cluster.whole_nodes);
    return result;
  }
  const Watts accelerators = *published.accelerators * published.power_per_accelerator.value_or(Watts{});
  const ReplayContext context{.beside_accelerators = beside_accelerators(cluster, cluster.nodes, accelerators),
                              .tokens = point.run.tokens};
  append(result.notes, notes_on(published));
  account(point, cluster, replay(published, context), result);
  return result;
}

}  // namespace traingrid

#include "campaign/campaign.hpp"

#include "units/index.hpp"
#include "units/text.hpp"
#include "workload/training_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace traingrid {
namespace {

/// Batches of the run with their tokens, in order.
std::vector<RampStage> stages_of(const Run& run) {
  std::vector<RampStage> stages = run.batch_ramp;
  double tokens = run.tokens;
  for (const RampStage& stage : stages) tokens -= stage.tokens;
  stages.push_back({tokens, run.batch});
  return stages;
}

std::string memory_obstacle(const Cluster& cluster, const std::vector<std::vector<MemoryTerm>>& stages) {
  const std::size_t fullest = fullest_stage(stages);
  const std::vector<MemoryTerm>& terms = stages[fullest];
  Bytes capacity = cluster.accelerator.memory.capacity;
  for (const Generation& other : cluster.generations) capacity = std::min(capacity, other.accelerator.memory.capacity);
  if (total(terms) <= capacity) return "";
  std::string list;
  for (const MemoryTerm& term : terms) {
    list += fmt::format("{}{} {:.2f} GiB", list.empty() ? "" : ", ", term.name, term.bytes / gib);
  }
  const std::string where = stages.size() > 1 ? fmt::format(" on stage {} of 0 to {}", fullest, stages.size() - 1) : "";
  return fmt::format("out of memory: {:.2f} GiB needed of {:.2f} GiB{} ({})", total(terms) / gib, capacity / gib, where,
                     list);
}

class CampaignBuilder {
 public:
  CampaignBuilder(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                  Folding folding)
      : run_(run), cluster_(cluster), tuning_(tuning), overrides_(overrides), folding_(folding) {}

  Campaign build() {
    if (!prepare()) return std::move(campaign_);
    campaign_.timeline.accelerators = cluster_.accelerators();
    for (const RampStage& stage : stages_of(run_)) add_segment(stage);
    return std::move(campaign_);
  }

  StepTime time() {
    if (!prepare()) return {std::move(campaign_.obstacle), {}};
    return {"", evaluated(run_.batch)->result.time};
  }

 private:
  /// Layout and memory; whether the design is feasible.
  bool prepare() {
    LayoutOutcome outcome = resolve_layout(run_, cluster_);
    campaign_.obstacle = outcome.reason;
    if (!outcome.layout) return false;
    campaign_.layout = *outcome.layout;
    if (!fits()) return false;
    fabric_ = build_fabric(cluster_);
    return true;
  }

  /// Every batch splits into micro-batches, and the fullest accelerator at the fullest batch holds what it must.
  bool fits() {
    for (const RampStage& stage : stages_of(run_)) {
      const MicroBatches micro = micro_batches(run_, campaign_.layout, stage.batch);
      campaign_.obstacle = micro.reason;
      if (!campaign_.obstacle.empty()) return false;
      auto stages = memory_by_stage(run_, campaign_.layout, micro.count);
      const auto& terms = stages[fullest_stage(stages)];
      if (total(terms) <= total(campaign_.memory_terms)) continue;
      campaign_.memory_terms = terms;
      campaign_.memory_by_stage = std::move(stages);
    }
    campaign_.obstacle = memory_obstacle(cluster_, campaign_.memory_by_stage);
    return campaign_.obstacle.empty();
  }

  void add_segment(const RampStage& stage) {
    auto& step = simulated_[stage.batch];
    if (!step) step = step_at(stage.batch);
    const double steps = stage.tokens / static_cast<double>(stage.batch * run_.sequence_length);
    campaign_.timeline.segments.push_back({steps * step->result.time, steps, stage.tokens, step->mean, step->peak});
    if (stage.batch == run_.batch) campaign_.step = step;
  }

  std::shared_ptr<SimulatedStep> step_at(std::int64_t batch) {
    auto simulated = evaluated(batch);
    fill_result(*simulated, batch);
    fill_power(*simulated);
    return simulated;
  }

  /// With its time and nothing else of its result.
  std::shared_ptr<SimulatedStep> evaluated(std::int64_t batch) {
    const int count = micro_batches(run_, campaign_.layout, batch).count;
    auto simulated = std::make_shared<SimulatedStep>();  // in place: its evaluation points to its program
    SimulatedStep& step = *simulated;
    step.program = training_step(run_, campaign_.layout, count);
    const PlacedProgram placed{&step.program, place(run_.placement, campaign_.layout, cluster_)};
    step.evaluation = evaluate({cluster_, *fabric_, tuning_}, all_overrides(), placed, folding_);
    const Seconds slowest = straggling(cluster_.accelerator, step.program.ranks(), step.evaluation.trace.end);
    step.result.breakdown.stragglers = slowest;
    step.result.time = step.evaluation.trace.end + slowest;
    return simulated;
  }

  void fill_result(SimulatedStep& step, std::int64_t batch) {
    StepResult& result = step.result;
    result.samples_per_s = static_cast<double>(batch) * (second / result.time);
    result.tokens_per_s = result.samples_per_s * static_cast<double>(run_.sequence_length);
    const StepWork work = step_work(step.program);
    const double ranks = step.program.ranks();
    const FlopRate peak = cluster_.accelerator.peak_of(run_.precision);
    result.model_flops_per_accelerator = work.model / result.time / ranks;
    result.mfu = result.model_flops_per_accelerator / peak;
    result.hfu = (work.model + work.recomputed) / result.time / ranks / peak;
    result.memory_terms = campaign_.memory_terms;
    result.memory_by_stage = campaign_.memory_by_stage;
    result.memory_peak = total(campaign_.memory_terms);
    result.memory_capacity = cluster_.accelerator.memory.capacity;
    const Seconds stragglers = result.breakdown.stragglers;
    result.breakdown = breakdown_of(step.evaluation, step.program, cluster_);
    result.breakdown.stragglers = stragglers;
    result.activities = step.evaluation.dag.unfolded_activities;
    result.classes = static_cast<double>(std::ranges::count_if(
        step.evaluation.dag.activities, [](const Activity& a) { return a.kind != Activity::Kind::join; }));
    result.links = link_use(*fabric_, step.evaluation);
    result.collectives = collective_use(step.evaluation);
  }

  void fill_power(SimulatedStep& step) {
    const int nodes = nodes_at_work(step.evaluation.step);
    const Watts spares = (cluster_.accelerators() - step.program.ranks()) * cluster_.accelerator.power.idle;
    const auto powers = cluster_power(step.evaluation, step.program, cluster_);
    Joules energy;
    Watts highest;
    for (std::size_t i = 0; i < powers.size(); ++i) {
      const Seconds until = i + 1 < powers.size() ? powers[i + 1].at : step.evaluation.trace.end;
      energy += powers[i].power * (until - powers[i].at);
      highest = std::max(highest, powers[i].power);
    }
    energy += step.program.ranks() * cluster_.accelerator.power.stalled * step.result.breakdown.stragglers;
    const Watts mean = energy / step.result.time + spares;
    step.mean = beside_accelerators(cluster_, nodes, mean);
    step.mean.accelerators = mean;
    step.peak = highest + spares + beside_accelerators(cluster_, nodes, highest + spares).total();
  }

  /// Those of the cluster's file, and those asked for.
  Overrides all_overrides() const {
    Overrides all = overrides_of(cluster_, *fabric_);
    all.links.insert(all.links.end(), overrides_.links.begin(), overrides_.links.end());
    all.devices.insert(all.devices.end(), overrides_.devices.begin(), overrides_.devices.end());
    return all;
  }

  int nodes_at_work(const Template& step) const {
    std::vector<bool> works(index(cluster_.nodes), false);
    for (const Rank& rank : step.ranks) works[index(rank.device / cluster_.node.accelerators)] = true;
    return static_cast<int>(std::ranges::count(works, true));
  }

  const Run& run_;
  const Cluster& cluster_;
  const Tuning& tuning_;
  const Overrides& overrides_;
  Folding folding_;
  Campaign campaign_;
  std::unique_ptr<Fabric> fabric_;
  std::map<std::int64_t, std::shared_ptr<SimulatedStep>> simulated_;  // by batch
};

}  // namespace

Campaign simulate_campaign(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                           Folding folding) {
  return CampaignBuilder(run, cluster, tuning, overrides, folding).build();
}

StepTime step_time(const Run& run, const Cluster& cluster, const Tuning& tuning, Folding folding) {
  const Overrides none;
  return CampaignBuilder(run, cluster, tuning, none, folding).time();
}

DurationResult duration_of(const Timeline& timeline) {
  DurationResult duration{.time = timeline.duration()};
  for (const Segment& segment : timeline.segments)
    if (segment.steps > 0) duration.steps = duration.steps.value_or(0) + segment.steps;
  duration.accelerator_time = timeline.accelerators * duration.time;
  return duration;
}

ItPower beside_accelerators(const Cluster& cluster, int working_nodes, Watts accelerators) {
  const NodePower& node = cluster.node.power;
  const Watts hosts = working_nodes * node.hosts() + (cluster.nodes - working_nodes) * node.idle;
  return {.hosts = (hosts + accelerators) / node.psu_efficiency - accelerators,
          .network = network_power(cluster),
          .storage = cluster.nodes * cluster.storage_power_per_node};
}

}  // namespace traingrid

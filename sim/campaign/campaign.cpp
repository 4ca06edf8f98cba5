#include "campaign/campaign.hpp"

#include "campaign/memory_fit.hpp"
#include "campaign/step_memo.hpp"
#include "fold/memory_traffic.hpp"
#include "units/index.hpp"
#include "workload/training_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace traingrid {
namespace {

/// A stretch of the run in which batch and model stay as they are.
struct Phase {
  double tokens = 0;
  std::int64_t batch = 0;
  bool pruned = false;
};

/// All of them in order.
std::vector<Phase> phases_of(const Run& run) {
  std::vector<RampStage> stages = run.batch_ramp;
  double tokens = run.tokens;
  for (const RampStage& stage : stages) tokens -= stage.tokens;
  stages.push_back({tokens, run.batch});
  double dense = run.pruning && run.pruning->structured ? run.pruning->after * run.tokens : run.tokens;
  std::vector<Phase> phases;
  for (const RampStage& stage : stages) {
    const double before = std::min(dense, stage.tokens);
    dense -= before;
    if (before > 0) phases.push_back({before, stage.batch, false});
    if (before < stage.tokens) phases.push_back({stage.tokens - before, stage.batch, true});
  }
  return phases;
}

class CampaignBuilder {
 public:
  CampaignBuilder(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                  Folding folding, StepMemo& memo)
      : run_(run), cluster_(cluster), tuning_(tuning), overrides_(overrides), folding_(folding), memo_(memo) {}

  Campaign build() {
    if (!prepare()) return std::move(campaign_);
    campaign_.timeline.accelerators = cluster_.accelerators();
    steps_ = &memo_.steps_of(step_inputs(run_, cluster_, tuning_, overrides_, folding_));
    powers_ = &memo_.powers_of(cluster_);
    for (const Phase& phase : phases_of(run_)) add_segment(phase);
    return std::move(campaign_);
  }

  StepTime time() {
    if (!prepare()) return {std::move(campaign_.obstacle), {}};
    return {"", evaluated(run_, dense_.layout, run_.batch, StepKind::whole)->result.time};
  }

 private:
  /// The run, or what pruning leaves of it, and how it is laid out.
  struct Variant {
    Run run;
    Layout layout;
  };
  const Variant& variant_of(const Phase& phase) const { return phase.pruned ? *pruned_ : dense_; }

  /// Layouts and memory; whether the design is feasible.
  bool prepare() {
    if (run_.pruning && run_.pruning->structured) pruned_ = Variant{pruned(run_), {}};
    for (Variant* variant : {&dense_, pruned_ ? &*pruned_ : nullptr}) {
      if (variant == nullptr) continue;
      const LayoutOutcome outcome = resolve_layout(variant->run, cluster_);
      campaign_.obstacle = outcome.reason;
      if (!outcome.layout) return false;
      variant->layout = *outcome.layout;
    }
    campaign_.layout = dense_.layout;
    if (!fits()) return false;
    fabric_ = build_fabric(used_part());
    return true;
  }

  /// Of a run that keeps nothing in its hosts, what accelerators exchange knows no links to them.
  Cluster used_part() const {
    Cluster used = cluster_;
    if (!run_.offload.any()) used.node.host.reset();
    return used;
  }

  /// Every batch splits into micro-batches, and the fullest accelerator at the fullest batch holds what it must.
  bool fits() {
    for (const Phase& phase : phases_of(run_)) {
      const auto& [run, layout] = variant_of(phase);
      const MicroBatches micro = micro_batches(run, layout, phase.batch);
      campaign_.obstacle = micro.reason;
      if (!campaign_.obstacle.empty()) return false;
      add_host_memory(run, layout, micro.count);
      auto stages = memory_by_stage(run, layout, micro.count);
      const auto& terms = stages[fullest_stage(stages)];
      if (total(terms) <= total(campaign_.memory_terms)) continue;
      campaign_.memory_terms = terms;
      campaign_.memory_by_stage = std::move(stages);
    }
    campaign_.obstacle = memory_obstacle(cluster_, campaign_.memory_by_stage);
    if (campaign_.obstacle.empty() && run_.offload.any())
      campaign_.obstacle = host_memory_obstacle(cluster_, campaign_.host_memory_by_stage);
    return campaign_.obstacle.empty();
  }

  void add_host_memory(const Run& run, const Layout& layout, int count) {
    if (!run.offload.any()) return;
    std::vector<std::vector<MemoryTerm>> stages;
    for (int stage = 0; stage < layout.pipeline; ++stage) stages.push_back(host_memory(run, layout, count, stage));
    auto& most = campaign_.host_memory_by_stage;
    if (most.empty() || total(stages[fullest_stage(stages)]) > total(most[fullest_stage(most)])) most = stages;
  }

  /// A step of a phase and what it draws.
  struct Part {
    std::shared_ptr<const SimulatedStep> step;
    StepPower power;
  };
  /// The steps of a phase, some of each of which make one step of training.
  struct Mix {
    Part whole, local, scoring;
  };

  void add_segment(const Phase& phase) {
    const Mix mix = mix_of(phase);
    const double steps = phase.tokens / static_cast<double>(phase.batch * run_.sequence_length);
    const double exchanging = 1.0 / run_.local_steps;
    Segment segment{.steps = steps, .tokens = phase.tokens};
    ItEnergy energy;
    const auto add = [&](const Part& part, double share) {
      if (!part.step) return;
      const Seconds time = steps * share * part.step->result.time;
      segment.duration += time;
      energy = energy + part.power.mean * time;
      segment.peak = std::max(segment.peak, part.power.peak);
    };
    add(mix.whole, exchanging);
    add(mix.local, 1 - exchanging);
    add(mix.scoring, 1);
    energy = energy + add_lost_time(segment);
    segment.mean = energy / segment.duration;
    campaign_.timeline.segments.push_back(segment);
    if (phase.batch != run_.batch) return;
    if (!campaign_.step) campaign_.step = mix.whole.step;
    note(phase, mix);
  }

  /// Spread evenly over the run: machines are on and wait.
  ItEnergy add_lost_time(Segment& segment) {
    const Seconds lost = segment.duration * (run_.lost_time / (1 - run_.lost_time));
    const Watts waiting = cluster_.accelerators() * cluster_.accelerator.power.stalled;
    ItPower power = beside_accelerators(cluster_, cluster_.nodes, waiting);
    power.accelerators = waiting;
    segment.duration += lost;
    return power * lost;
  }

  void note(const Phase& phase, const Mix& mix) {
    const auto seconds = [](const Part& part) { return part.step->result.time / second; };
    if (phase.pruned)
      campaign_.notes.push_back(
          fmt::format("pruned to {:.0f} % of heads and columns after {:.0f} % of the tokens, a step "
                      "takes {:.3f} s",
                      100 * run_.pruning->kept, 100 * run_.pruning->after, seconds(mix.whole)));
    if (mix.local.step)
      campaign_.notes.push_back(
          fmt::format("of {} steps one exchanges gradients and takes {:.3f} s, the others {:.3f} s", run_.local_steps,
                      seconds(mix.whole), seconds(mix.local)));
    if (mix.scoring.step)
      campaign_.notes.push_back(fmt::format("scoring {:g} batches takes {:.3f} s beside every step of {:.3f} s",
                                            run_.data_selection->super_batch, seconds(mix.scoring),
                                            seconds(mix.whole)));
  }

  Mix mix_of(const Phase& phase) {
    const auto& [run, layout] = variant_of(phase);
    Mix mix{.whole = part(run, layout, phase, StepKind::whole), .local = {}, .scoring = {}};
    if (run.local_steps > 1) mix.local = part(run, layout, phase, StepKind::local);
    if (run.data_selection) {
      Run scoring = run;
      scoring.sequence_length = run.data_selection->scoring_sequence.value_or(run.sequence_length);
      mix.scoring = part(scoring, layout, phase, StepKind::scoring);
    }
    return mix;
  }

  Part part(const Run& run, const Layout& layout, const Phase& phase, StepKind kind) {
    const StepKey key{phase.batch, phase.pruned, kind};
    auto& step = (*steps_)[key];
    if (!step) step = simulated(run, layout, phase.batch, kind);
    const auto [power, is_new] = powers_->try_emplace(key);
    if (is_new) power->second = step_power(*step, cluster_);
    return {step, power->second};
  }

  std::shared_ptr<SimulatedStep> simulated(const Run& run, const Layout& layout, std::int64_t batch, StepKind kind) {
    auto simulated = evaluated(run, layout, batch, kind);
    if (kind == StepKind::whole) fill_result(*simulated, batch);
    simulated->nodes_at_work = nodes_at_work(simulated->evaluation.step);
    return simulated;
  }

  /// With its time and nothing else of its result.
  std::shared_ptr<SimulatedStep> evaluated(const Run& run, const Layout& layout, std::int64_t batch, StepKind kind) {
    int count = micro_batches(run, layout, batch).count;
    if (kind == StepKind::scoring)
      count = static_cast<int>(std::ceil(run.data_selection->super_batch * static_cast<double>(count)));
    auto simulated = std::make_shared<SimulatedStep>();  // in place: its evaluation points to its program
    SimulatedStep& step = *simulated;
    step.program = program_of(run, layout, count, kind);
    const PlacedProgram placed{&step.program, place(run.placement, layout, cluster_)};
    step.evaluation = evaluate({cluster_, *fabric_, tuning_}, all_overrides(), placed, folding_);
    const Seconds slowest = straggling(cluster_.accelerator, step.program.ranks(), step.evaluation.trace.end);
    step.result.breakdown.stragglers = slowest;
    step.result.time = step.evaluation.trace.end + slowest;
    return simulated;
  }

  /// Where kernels share memory with transfers, the software's constant for what that costs has nothing left to say.
  Program program_of(Run run, const Layout& layout, int count, StepKind kind) const {
    if (!cluster_.node.kernels_share_memory) return training_step(run, layout, count, kind);
    run.software.overlap_traffic = 0;
    return with_memory_traffic(training_step(run, layout, count, kind), cluster_.accelerator);
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
    fill_memory(campaign_, cluster_, result);
    const Seconds stragglers = result.breakdown.stragglers;
    result.breakdown = breakdown_of(step.evaluation, step.program, cluster_);
    result.breakdown.stragglers = stragglers;
    result.activities = step.evaluation.dag.unfolded_activities;
    result.classes = static_cast<double>(std::ranges::count_if(
        step.evaluation.dag.activities, [](const Activity& a) { return a.kind != Activity::Kind::join; }));
    result.links = link_use(*fabric_, step.evaluation);
    result.collectives = collective_use(step.evaluation);
    result.operators = operators_of(step.evaluation, step.program, cluster_);
    result.ridge = peak / cluster_.accelerator.memory.bandwidth / (flop / byte);
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
  Variant dense_{run_, {}};
  std::optional<Variant> pruned_;
  const Cluster& cluster_;
  const Tuning& tuning_;
  const Overrides& overrides_;
  Folding folding_;
  StepMemo& memo_;
  Campaign campaign_;
  std::unique_ptr<Fabric> fabric_;
  StepMemo::Steps* steps_ = nullptr;
  StepMemo::Powers* powers_ = nullptr;
};

}  // namespace

Campaign simulate_campaign(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                           Folding folding, StepMemo* memo) {
  StepMemo own;
  return CampaignBuilder(run, cluster, tuning, overrides, folding, memo != nullptr ? *memo : own).build();
}

StepPower step_power(const SimulatedStep& step, const Cluster& cluster) {
  const Watts spares = (cluster.accelerators() - step.program.ranks()) * cluster.accelerator.power.idle;
  const auto powers = cluster_power(step.evaluation, step.program, cluster);
  Joules energy;
  Watts highest;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const Seconds until = i + 1 < powers.size() ? powers[i + 1].at : step.evaluation.trace.end;
    energy += powers[i].power * (until - powers[i].at);
    highest = std::max(highest, powers[i].power);
  }
  energy += step.program.ranks() * cluster.accelerator.power.stalled * step.result.breakdown.stragglers;
  const Watts mean = energy / step.result.time + spares;
  const Watts peak = highest + spares;
  StepPower power{beside_accelerators(cluster, step.nodes_at_work, mean),
                  peak + beside_accelerators(cluster, step.nodes_at_work, peak).total()};
  power.mean.accelerators = mean;
  return power;
}

StepTime step_time(const Run& run, const Cluster& cluster, const Tuning& tuning, Folding folding) {
  const Overrides none;
  StepMemo own;
  return CampaignBuilder(run, cluster, tuning, none, folding, own).time();
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

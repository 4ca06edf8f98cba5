#include "campaign/step.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace traingrid {
namespace {

/// The class whose accelerators compute longest; the first of several.
std::size_t critical_class(const Evaluation& evaluation, const Program& program) {
  std::size_t critical = 0;
  Seconds most;
  for (std::size_t rank = 0; rank < evaluation.quotient.ranks.size(); ++rank) {
    Seconds busy;
    for (const Span& span : spans_of(evaluation, program, rank)) {
      if (span.work >= 0) busy += span.end - span.start;
    }
    if (busy > most) {
      most = busy;
      critical = rank;
    }
  }
  return critical;
}

Seconds& term_of(Breakdown& breakdown, Term term) {
  switch (term) {
    case Term::compute:
      return breakdown.compute;
    case Term::recompute:
      return breakdown.recompute;
    case Term::tensor:
      return breakdown.tensor;
    case Term::context:
      return breakdown.context;
    case Term::expert:
      return breakdown.expert;
    case Term::pipeline:
      return breakdown.pipeline_p2p;
    case Term::data:
      return breakdown.data;
    case Term::optimizer:
      return breakdown.optimizer;
    case Term::offload:
      return breakdown.offload;
    case Term::other:
      break;
  }
  return breakdown.other;
}

/// The part of a span before its transfer began, when others were waited for.
Seconds waiting_part(const Span& span) {
  if (span.work >= 0 || span.kind == Operation::Kind::wait) return {};
  return std::clamp(span.transfer, span.start, span.end) - span.start;
}

}  // namespace

std::vector<Span> spans_of(const Evaluation& evaluation, const Program& program, std::size_t rank_class) {
  const Trace& trace = evaluation.trace;
  std::vector<Span> spans;
  Seconds now;
  for (const Event& event : evaluation.dag.events[rank_class]) {
    if (event.end < 0) continue;
    const Seconds end = trace.end_of(event);
    if (end <= now) continue;
    const Operation& op = program.blocks[index(event.block)].operations[index(event.operation)];
    Span span{now, end, op.term, op.kind, event.block, event.micro_batch, now, op.work};
    if (event.transfer >= 0) span.transfer = trace.start[index(event.transfer)];
    spans.push_back(span);
    now = end;
  }
  return spans;
}

Breakdown breakdown_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster) {
  const bool pipelined = program.roles.size() > 1;
  const std::size_t critical = critical_class(evaluation, program);
  const Accelerator& accelerator = accelerator_of(cluster, evaluation.quotient.ranks[critical]);
  Breakdown breakdown;
  Seconds now;
  for (const Span& span : spans_of(evaluation, program, critical)) {
    if (span.work >= 0) {
      const DeviceTime time = device_time(accelerator, program.works[index(span.work)]);
      const Seconds host = (span.end - span.start) * (time.host_bound / time.total());
      breakdown.host += host;
      term_of(breakdown, span.term) += span.end - span.start - host;
      now = span.end;
      continue;
    }
    const Seconds waiting = waiting_part(span);
    const bool on_other_stages = pipelined && (span.term == Term::pipeline || span.term == Term::data);
    (on_other_stages ? breakdown.pipeline_bubble : term_of(breakdown, span.term)) += waiting;
    term_of(breakdown, span.term) += span.end - span.start - waiting;
    now = span.end;
  }
  (pipelined ? breakdown.pipeline_bubble : breakdown.other) += evaluation.trace.end - now;
  return breakdown;
}

std::vector<OperatorUse> operators_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster) {
  const std::size_t critical = critical_class(evaluation, program);
  std::map<std::int32_t, int> launches;
  for (const Span& span : spans_of(evaluation, program, critical)) {
    if (span.kind == Operation::Kind::compute) ++launches[span.work];
  }
  return operator_use(accelerator_of(cluster, evaluation.quotient.ranks[critical]), program, launches);
}

Seconds straggling(const Accelerator& accelerator, double accelerators, Seconds step) {
  return step * accelerator.efficiency.straggling * std::log2(accelerators);
}

std::vector<PowerSpan> power_of(const Evaluation& evaluation, const Program& program, const Cluster& cluster,
                                std::size_t rank_class) {
  const Accelerator& accelerator = accelerator_of(cluster, evaluation.quotient.ranks[rank_class]);
  const PowerLevels& levels = accelerator.power;
  std::vector<PowerSpan> powers;
  Seconds now;
  const auto add = [&](Seconds until, Watts power) {
    if (until > now) powers.push_back({now, until, power});
    now = std::max(now, until);
  };
  std::vector<Watts> of_work;
  for (const auto& work : program.works) of_work.push_back(mean_power(levels, device_time(accelerator, work)));
  for (const Event& event : evaluation.dag.events[rank_class]) {
    if (event.end < 0) continue;
    const Operation& op = program.blocks[index(event.block)].operations[index(event.operation)];
    const Seconds end = evaluation.trace.end_of(event);
    if (op.work >= 0) {
      add(end, of_work[index(op.work)]);
      continue;
    }
    switch (op.kind) {
      case Operation::Kind::compute:
        break;  // which has kernels
      case Operation::Kind::collective:
        if (event.transfer >= 0) add(std::min(end, evaluation.trace.start[index(event.transfer)]), levels.stalled);
        add(end, op.collective == Collective::update_on_host ? levels.stalled : levels.communicating);
        break;
      case Operation::Kind::wait:
        add(end, levels.communicating);
        break;
      case Operation::Kind::send:
      case Operation::Kind::receive:
        add(end, levels.stalled);
        break;
    }
  }
  add(evaluation.trace.end, levels.stalled);
  return powers;
}

std::vector<PowerStep> cluster_power(const Evaluation& evaluation, const Program& program, const Cluster& cluster) {
  std::vector<PowerStep> changes;
  for (std::size_t rank = 0; rank < evaluation.quotient.ranks.size(); ++rank) {
    const double count = evaluation.quotient.ranks[rank].multiplicity;
    Watts before;
    for (const PowerSpan& span : power_of(evaluation, program, cluster, rank)) {
      if (span.power == before) continue;
      changes.push_back({span.start, count * (span.power - before)});
      before = span.power;
    }
  }
  std::ranges::stable_sort(changes, {}, &PowerStep::at);
  std::vector<PowerStep> steps;
  Watts power;
  for (const PowerStep& change : changes) {
    power += change.power;
    if (steps.empty() || steps.back().at != change.at) steps.push_back({change.at, power});
    steps.back().power = power;
  }
  return steps;
}

std::vector<CollectiveUse> collective_use(const Evaluation& evaluation) {
  const Template& step = evaluation.step;
  const Program& program = *step.program;
  std::map<std::int32_t, GroupShape> first_group;
  for (const Group& group : step.groups) first_group.try_emplace(group.communicator, group.shape);
  std::set<std::tuple<std::int32_t, Collective, Bytes>> seen;
  std::vector<CollectiveUse> uses;
  for (const Block& block : program.blocks) {
    for (const Operation& op : block.operations) {
      if (op.kind != Operation::Kind::collective || !first_group.contains(op.communicator)) continue;
      if (!seen.insert({op.communicator, op.collective, op.bytes}).second) continue;
      const GroupShape& shape = first_group.at(op.communicator);
      const Plan chosen = plan(step.tuning, op.collective, op.bytes, shape);
      uses.push_back({program.communicators[index(op.communicator)].name, std::string(spelling(op.collective)),
                      op.bytes, shape, std::string(chosen.algorithm), chosen.protocol, std::string(chosen.rule)});
    }
  }
  std::ranges::stable_sort(uses, {}, &CollectiveUse::communicator);
  return uses;
}

}  // namespace traingrid

#include "report/step_trace.hpp"

#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

enum Track : std::size_t { kCompute, kTensor, kForward, kBackward, kData, kToHost, kFromHost, kOnHost, kTracks };
constexpr std::array<std::string_view, kTracks> kTrackNames{"compute",
                                                            "tensor communication",
                                                            "pipeline, forward",
                                                            "pipeline, backward",
                                                            "data communication",
                                                            "to host",
                                                            "from host",
                                                            "on host"};

Track track_of(const Operation& op) {
  if (op.kind == Operation::Kind::compute) return kCompute;
  if (op.kind == Operation::Kind::receive) return op.direction < 0 ? kForward : kBackward;
  if (op.collective == Collective::copy_to_host) return kToHost;
  if (op.collective == Collective::copy_from_host) return kFromHost;
  if (op.collective == Collective::update_on_host) return kOnHost;
  return op.term == Term::data ? kData : kTensor;
}

class StepTraceBuilder {
 public:
  StepTraceBuilder(const SimulatedStep& step, const Cluster& cluster) : step_(step), cluster_(cluster) {}

  StepTrace build() {
    const auto& classes = step_.evaluation.quotient.ranks;
    std::vector<bool> shown(step_.program.roles.size(), false);
    for (std::size_t rank = 0; rank < classes.size(); ++rank) {
      if (shown[index(classes[rank].role)]) continue;
      shown[index(classes[rank].role)] = true;
      add_stage(rank);
    }
    add_total_power();
    add_links();
    return std::move(trace_);
  }

 private:
  void add_stage(std::size_t rank) {
    const RankClass& rank_class = step_.evaluation.quotient.ranks[rank];
    TraceProcess process{fmt::format("{} (accelerator of rank {})", step_.program.roles[index(rank_class.role)].name,
                                     rank_class.representative),
                         {}};
    const bool offloads = step_.result.host_memory_peak.has_value();
    process.tracks.assign(kTrackNames.begin(), kTrackNames.begin() + (offloads ? kTracks : kToHost));
    trace_.processes.push_back(std::move(process));
    const Trace& times = step_.evaluation.trace;
    Seconds now;
    for (const Event& event : step_.evaluation.dag.events[rank]) {
      const Block& block = step_.program.blocks[index(event.block)];
      const Operation& op = block.operations[index(event.operation)];
      const Seconds end = std::max(now, times.end_of(event));
      if (op.kind == Operation::Kind::compute) {
        add_span(kCompute, fmt::format("{} {} [{}]", block.name, spelling(op.term), event.micro_batch), now, end);
      } else if (op.kind == Operation::Kind::collective || op.kind == Operation::Kind::receive) {
        const auto name = op.kind == Operation::Kind::receive ? "message" : spelling(op.collective);
        add_span(track_of(op), fmt::format("{} {} [{}]", block.name, name, event.micro_batch),
                 event.transfer < 0 ? now : times.start[index(event.transfer)],
                 event.delivery < 0 ? end : times.finish[index(event.delivery)]);
      }
      now = end;
    }
    TraceCounter power{trace_.processes.size() - 1, "power", "W", {}};
    for (const PowerSpan& span : power_of(step_.evaluation, step_.program, cluster_, rank)) {
      power.samples.push_back({span.start, span.power / watt});
    }
    trace_.counters.push_back(std::move(power));
  }

  void add_span(Track track, std::string name, Seconds start, Seconds end) {
    if (end > start) trace_.spans.push_back({trace_.processes.size() - 1, track, std::move(name), start, end - start});
  }

  void add_total_power() {
    trace_.processes.push_back({fmt::format("all {} working accelerators", step_.program.ranks()), {}});
    TraceCounter power{trace_.processes.size() - 1, "power", "W", {}};
    for (const PowerStep& change : cluster_power(step_.evaluation, step_.program, cluster_)) {
      power.samples.push_back({change.at, change.power / watt});
    }
    trace_.counters.push_back(std::move(power));
  }

  /// The busiest link of every level.
  void add_links() {
    trace_.processes.push_back({"busiest links", {}});
    for (const LinkUse& use : step_.result.links) {
      if (use.link < 0) continue;
      TraceCounter load{trace_.processes.size() - 1, fmt::format("{}: {}", use.level, use.busiest), "GB/s", {}};
      for (const LinkLoad& change : link_loads(step_.evaluation, use.link))
        load.samples.push_back({change.at, change.load / (1e9 * byte / second)});
      trace_.counters.push_back(std::move(load));
    }
  }

  const SimulatedStep& step_;
  const Cluster& cluster_;
  StepTrace trace_;
};

}  // namespace

StepTrace step_trace(const SimulatedStep& step, const Cluster& cluster) {
  return StepTraceBuilder(step, cluster).build();
}

}  // namespace traingrid

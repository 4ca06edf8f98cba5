#include "study/switches.hpp"

#include <array>
#include <type_traits>

namespace traingrid {
namespace {

/// Turns a capability of the run; says from what to what.
struct Capability {
  std::string_view name;
  void (*turn)(Run& run);
  std::string (*state)(const Run& run);
  bool (*applies)(const Run& run) = [](const Run&) { return true; };
};

template <class T>
std::string spelled(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? "on" : "off";
  else
    return std::string(Spellings<T>::names[static_cast<std::size_t>(value)]);
}

template <bool Software::*member>
constexpr Capability software(std::string_view name) {
  return {name, [](Run& run) { run.software.*member = !(run.software.*member); },
          [](const Run& run) { return spelled(run.software.*member); }};
}

constexpr std::array kCapabilities{
    software<&Software::flash_attention>("software.flash_attention"),
    software<&Software::fused_softmax>("software.fused_softmax"),
    software<&Software::cuda_graphs>("software.cuda_graphs"),
    software<&Software::overlap_data_parallel>("software.overlap_data_parallel"),
    software<&Software::overlap_parameter_gather>("software.overlap_parameter_gather"),
    software<&Software::fused_permutation>("software.fused_permutation"),
    software<&Software::fused_experts>("software.fused_experts"),
    software<&Software::expert_overlap>("software.expert_overlap"),
    software<&Software::fused_gradient_accumulation>("software.fused_gradient_accumulation"),
    software<&Software::distributed_optimizer>("software.distributed_optimizer"),
    software<&Software::scatter_gather_pipeline>("software.scatter_gather_pipeline"),
    Capability{"parallelism.sequence_parallel",
               [](Run& run) { run.parallelism.sequence_parallel = !run.parallelism.sequence_parallel; },
               [](const Run& run) { return spelled(run.parallelism.sequence_parallel); }},
    Capability{"parallelism.tensor_overlap",
               [](Run& run) {
                 TensorOverlap& overlap = run.parallelism.tensor_overlap;
                 overlap = overlap == TensorOverlap::none ? TensorOverlap::chunks : TensorOverlap::none;
               },
               [](const Run& run) { return spelled(run.parallelism.tensor_overlap); }},
    Capability{"recompute",
               [](Run& run) { run.recompute = run.recompute == Recompute::none ? Recompute::full : Recompute::none; },
               [](const Run& run) { return spelled(run.recompute); }},
    Capability{"offload", [](Run& run) { run.offload = {}; }, [](const Run& run) { return spelled(run.offload.any()); },
               [](const Run& run) { return run.offload.any(); }},
};

}  // namespace

std::vector<TurnedCapability> switches(const Point& point) {
  Run base = point.run;
  base.batch_ramp.clear();
  const Cluster cluster = allocate(base, point.cluster).cluster;
  const Tuning tuning = tuning_of(cluster, point.library, base.collectives);
  std::vector<TurnedCapability> list;
  for (const Capability& capability : kCapabilities) {
    if (!capability.applies(base)) continue;
    Run run = base;
    capability.turn(run);
    TurnedCapability turned{.name = capability.name, .state = capability.state(base), .turned = capability.state(run)};
    const StepTime step = step_time(run, cluster, tuning, point.folding);
    turned.obstacle = step.obstacle;
    if (step.obstacle.empty()) turned.step_time = step.time;
    list.push_back(std::move(turned));
  }
  return list;
}

}  // namespace traingrid

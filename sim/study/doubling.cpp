#include "study/doubling.hpp"

#include <array>
#include <stdexcept>

namespace traingrid {
namespace {

struct Resource {
  std::string_view name;
  std::string_view key;
  void (*twice)(Cluster& cluster);
  bool of_host = false;  ///< of runs that offload only
};

constexpr std::array kResources{
    Resource{"arithmetic", "accelerator.peak",
             [](Cluster& c) {
               for (auto& [precision, rate] : c.accelerator.peak) rate *= 2;
             }},
    Resource{"memory bandwidth", "accelerator.memory.bandwidth",
             [](Cluster& c) { c.accelerator.memory.bandwidth *= 2; }},
    Resource{"scale-up bandwidth", "node.scale_up.bandwidth", [](Cluster& c) { c.node.scale_up.bandwidth *= 2; }},
    Resource{"network bandwidth", "network.link.bandwidth", [](Cluster& c) { c.network.link.bandwidth *= 2; }},
    Resource{"bandwidth to the host", "node.host.link.bandwidth", [](Cluster& c) { c.node.host->link.bandwidth *= 2; },
             true},
    Resource{"memory bandwidth of the host", "node.host.memory_bandwidth",
             [](Cluster& c) { c.node.host->memory_bandwidth *= 2; }, true},
    Resource{"half the scale-up latency", "node.scale_up.latency", [](Cluster& c) { c.node.scale_up.latency *= 0.5; }},
    Resource{"half the network latency", "network.link.latency", [](Cluster& c) { c.network.link.latency *= 0.5; }},
};

}  // namespace

std::vector<Doubling> doublings(const Point& point) {
  Run run = point.run;
  run.batch_ramp.clear();
  const Cluster cluster = allocate(run, point.cluster).cluster;
  std::vector<Doubling> list;
  for (const Resource& resource : kResources) {
    if (resource.of_host && !(cluster.node.host && run.offload.any())) continue;
    Cluster changed = cluster;
    resource.twice(changed);
    const Tuning tuning = tuning_of(changed, point.library, run.collectives);
    const StepTime step = step_time(run, changed, tuning, point.folding);
    if (!step.obstacle.empty())
      throw std::logic_error("doubling a resource made the design infeasible: " + step.obstacle);
    list.push_back({resource.name, resource.key, step.time});
  }
  return list;
}

}  // namespace traingrid

#include "campaign/memory_fit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

std::string overflow(const std::vector<std::vector<MemoryTerm>>& stages, Bytes capacity, std::string_view what) {
  const std::size_t fullest = fullest_stage(stages);
  const std::vector<MemoryTerm>& terms = stages[fullest];
  if (total(terms) <= capacity) return "";
  std::string list;
  for (const MemoryTerm& term : terms) {
    list += fmt::format("{}{} {:.2f} GiB", list.empty() ? "" : ", ", term.name, term.bytes / gib);
  }
  const std::string where = stages.size() > 1 ? fmt::format(" on stage {} of 0 to {}", fullest, stages.size() - 1) : "";
  return fmt::format("{}: {:.2f} GiB needed of {:.2f} GiB{} ({})", what, total(terms) / gib, capacity / gib, where,
                     list);
}

Bytes host_share(const Cluster& cluster) {
  return cluster.node.host->memory / std::min(cluster.node.host->accelerators, cluster.node.accelerators);
}

}  // namespace

std::string memory_obstacle(const Cluster& cluster, const std::vector<std::vector<MemoryTerm>>& stages) {
  Bytes capacity = cluster.accelerator.memory.capacity;
  for (const Generation& other : cluster.generations) capacity = std::min(capacity, other.accelerator.memory.capacity);
  return overflow(stages, capacity, "out of memory");
}

std::string host_memory_obstacle(const Cluster& cluster, const std::vector<std::vector<MemoryTerm>>& stages) {
  if (!cluster.node.host)
    return fmt::format("the run offloads to hosts, and {} says nothing of them; add `host` to its `node`",
                       cluster.name);
  return overflow(stages, host_share(cluster), "out of memory of the host, by accelerator");
}

void fill_memory(const Campaign& campaign, const Cluster& cluster, StepResult& result) {
  result.memory_terms = campaign.memory_terms;
  result.memory_by_stage = campaign.memory_by_stage;
  result.memory_peak = total(campaign.memory_terms);
  result.memory_capacity = cluster.accelerator.memory.capacity;
  if (campaign.host_memory_by_stage.empty()) return;
  result.host_memory_by_stage = campaign.host_memory_by_stage;
  result.host_memory_terms = campaign.host_memory_by_stage[fullest_stage(campaign.host_memory_by_stage)];
  result.host_memory_peak = total(result.host_memory_terms);
  if (cluster.node.host) result.host_memory_capacity = host_share(cluster);
}

std::optional<Seconds> StepResult::waiting_for_copies() const {
  return host_memory_peak ? std::optional{breakdown.offload} : std::nullopt;
}

}  // namespace traingrid

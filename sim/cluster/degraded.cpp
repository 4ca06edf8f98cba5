#include "cluster/degraded.hpp"

#include "cluster/fabric.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

/// Levels that a selector means: the one of that name, or both directions of "nic", "scale-up", ….
std::vector<const LinkLevel*> levels_named(const Fabric& fabric, const std::string& name) {
  std::vector<const LinkLevel*> levels;
  for (const LinkLevel& level : fabric.levels()) {
    if (level.name == name || level.name == name + " out" || level.name == name + " in") levels.push_back(&level);
  }
  return levels;
}

std::string level_names(const Fabric& fabric) {
  std::string names;
  for (const LinkLevel& level : fabric.levels()) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", level.name);
  return names;
}

std::string link_obstacle(const Degraded::Link& link, const Fabric& fabric) {
  const auto levels = levels_named(fabric, link.level);
  if (levels.empty())
    return fmt::format("there are no links '{}' to degrade; there are {}", link.level, level_names(fabric));
  for (const LinkLevel* level : levels) {
    if (link.number >= level->count) {
      return fmt::format("there is no '{} {}' to degrade; there are {}, numbered from 0", level->name, link.number,
                         level->count);
    }
    if (link.rate == 0 && level->first < fabric.first_network_link()) {
      return fmt::format("without '{} {}' accelerators cannot be reached; name their node in nodes_out", level->name,
                         link.number);
    }
  }
  return "";
}

}  // namespace

void Degraded::Link::describe(Fields& fields) {
  fields.required("level", level, "Kind of the link, as in results: nic (both directions), nic out, leaf uplink, ….");
  fields.required("number", number, "Which of them, from 0.", non_negative);
  fields.required("rate", rate, "Times the healthy rate; 0 is down.", fraction);
}

void Degraded::Slow::describe(Fields& fields) {
  fields.required("number", number, "Which accelerator, from 0, node by node.", non_negative);
  fields.required("slowdown", slowdown, "Times the healthy duration of every kernel.", at_least_one);
}

void Degraded::describe(Fields& fields) {
  fields.optional("links", links, "Links at a fraction of their rate, or down.");
  fields.optional("accelerators", accelerators, "Accelerators that take longer.");
  fields.optional("nodes_out", nodes_out, "Numbers of nodes that are not used, from 0.", non_negative);
}

void Generation::describe(Fields& fields) {
  fields.required("first_node", first_node, "Number of the first of these nodes, from 0.", non_negative);
  fields.required("nodes", nodes, "How many.", at_least_one);
  fields.reference("accelerator", accelerator, "accelerators", "What they compute with.");
}

std::string degraded_obstacle(const Cluster& cluster, const Fabric& fabric) {
  for (const Degraded::Link& link : cluster.degraded.links) {
    if (std::string reason = link_obstacle(link, fabric); !reason.empty()) return reason;
  }
  for (const Degraded::Slow& slow : cluster.degraded.accelerators) {
    if (slow.number >= fabric.devices()) {
      return fmt::format("there is no accelerator {} to degrade; there are {}, numbered from 0", slow.number,
                         fabric.devices());
    }
  }
  for (const int node : cluster.degraded.nodes_out) {
    if (node >= cluster.nodes)
      return fmt::format("there is no node {} to leave out; there are {}, numbered from 0", node, cluster.nodes);
  }
  return "";
}

Overrides overrides_of(const Cluster& cluster, const Fabric& fabric) {
  Overrides overrides;
  for (const Degraded::Link& link : cluster.degraded.links) {
    for (const LinkLevel* level : levels_named(fabric, link.level)) {
      if (link.number < level->count) overrides.links.push_back({level->first + link.number, link.rate});
    }
  }
  for (const Degraded::Slow& slow : cluster.degraded.accelerators) {
    if (slow.number < fabric.devices()) overrides.devices.push_back({slow.number, slow.slowdown});
  }
  for (const int node : cluster.degraded.nodes_out) {
    if (node < cluster.nodes) overrides.nodes_out.push_back(node);
  }
  return overrides;
}

}  // namespace traingrid

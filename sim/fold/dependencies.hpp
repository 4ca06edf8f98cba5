// Who waits for whom: ranks, groups and streams as a graph, with the links that streams cross or without.
#pragma once

#include "fold/partition.hpp"
#include "fold/template.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

/// Order of the graph's nodes: ranks, groups, streams, links.
struct Numbering {
  explicit Numbering(const Template& step)
      : groups(static_cast<NodeId>(step.ranks.size())),
        streams(groups + static_cast<NodeId>(step.groups.size())),
        links(streams + static_cast<NodeId>(step.streams.size())),
        end(links + static_cast<NodeId>(step.links.size())) {}
  NodeId groups, streams, links, end;
};

/// Dropped links have no edges.
LabelledGraph dependency_graph(const Template& step, bool with_links);

/// Nodes that differ in kind or in a number of their own start apart.
Partition initial_partition(const Template& step, bool with_links);

}  // namespace traingrid

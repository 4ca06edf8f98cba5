// Who exchanges data with whom in a training step: the groups of every parallel dimension.
#pragma once

#include "workload/layout.hpp"
#include "workload/program.hpp"

#include <array>

namespace traingrid {

enum class Comm {
  tensor,         ///< share every layer
  pipeline,       ///< stages of one replica
  data,           ///< sum gradients of what every token passes: those with equal weights
  embedding,      ///< first and last stage, which hold the tied embedding
  context,        ///< share a sequence
  expert,         ///< share out the experts of a layer
  expert_node,    ///< of those, the ones on a node, where tokens come to a node once
  expert_rail,    ///< and those at the same place of every node
  expert_tensor,  ///< share every expert
  expert_data,    ///< sum gradients of experts
  shard,          ///< hold parts of the same parameters and gather them (FSDP); its gradients are summed over `data`
  replicas,       ///< hold the same part (hybrid sharding)
  to_host,        ///< each rank by itself: what its accelerator and its host copy out, copy in, and update
  from_host,
  on_host
};
inline constexpr std::size_t kComms = 15;

/// Where each communicator is in the program; -1 for those that this layout does not need.
using CommIndex = std::array<int, kComms>;

/// Adds the communicators that the layout needs.
CommIndex add_communicators(Program& program, const Layout& layout, const Run& run);

}  // namespace traingrid

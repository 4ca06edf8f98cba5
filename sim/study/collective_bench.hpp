// One collective at many sizes on any fabric, as nccl-tests times it: through folding and engine, contention included.
#pragma once

#include "collective/plan.hpp"
#include "engine/evaluate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct CollectiveBench {
  std::optional<Collective> kind;  ///< none: everyone sends to the next (p2p)
  int ranks = 2;                   ///< on the first accelerators of the cluster
  std::vector<Bytes> sizes;        ///< as nccl-tests counts them
  Folding folding = Folding::certified;
};

struct CollectiveTiming {
  Bytes size;
  Seconds time;
  std::string algorithm;  ///< with its protocol: "tree/LL"
  std::string rule;       ///< why that one
  Bandwidth algorithm_bandwidth, bus_bandwidth;
};

/// Times of one after the other, in order. The cluster must have as many accelerators.
std::vector<CollectiveTiming> time_collective(const Cluster& cluster, const Tuning& tuning,
                                              const CollectiveBench& bench);

/// Of the first accelerators of a cluster.
GroupShape bench_shape(const Cluster& cluster, int ranks);

/// "all-reduce", …, "p2p"; none if it is none of them.
struct CollectiveName {
  std::optional<Collective> kind;
};
std::optional<CollectiveName> parse_collective(std::string_view text);
std::vector<std::string> collective_names();

/// "1MiB:8GiB" as all sizes from one to the other, each twice the one before; or one size. Throws InputError.
std::vector<Bytes> parse_sizes(std::string_view text);

}  // namespace traingrid

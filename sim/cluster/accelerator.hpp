// An accelerator: peaks, memory, measured efficiencies, power levels, price and embodied carbon. All data, no default.
#pragma once

#include "cluster/operator.hpp"
#include "cluster/price.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <map>
#include <string>
#include <vector>

namespace traingrid {

struct Tile {
  std::int64_t m = 0, n = 0;
  void describe(Fields& fields);
  friend bool operator==(const Tile&, const Tile&) = default;
};

struct DeviceMemory {
  Bytes capacity;
  Bandwidth bandwidth;
  void describe(Fields& fields);
  friend bool operator==(const DeviceMemory&, const DeviceMemory&) = default;
};

/// Share of the dense peak that a fused attention kernel reaches, masked scores not counted.
struct AttentionEfficiency {
  double forward = 0, backward = 0;
  double unmasked = 1;  ///< of these, where no causal mask cuts through: no tile is computed and then thrown away
  void describe(Fields& fields);
  friend bool operator==(const AttentionEfficiency&, const AttentionEfficiency&) = default;
};

/// How much of the peaks a well-tuned kernel reaches (formulae: cluster/device.hpp).
struct Efficiency {
  double gemm = 0;                                  ///< of the dense peak, for a large multiplication
  std::map<std::string, double> gemm_by_precision;  ///< where it differs
  std::map<std::string, std::map<std::string, double>> gemm_by_library;  ///< share that an earlier library reaches of
                                                                         ///< that, by its name and precision
  double gemm_depth = 0;  ///< the k, of 2-byte elements, at which a multiplication reaches half of it: fill of the main
                          ///< loop
  double gemm_unaligned = 1;  ///< share of it that is left where rows of a matrix begin at odd multiples of 2 bytes
  double wave_weight = 0;     ///< how much of an unfinished last wave of tiles is lost
  double memory = 0;          ///< of the memory bandwidth, for a long stream
  Seconds kernel_latency;     ///< start and end of a kernel
  std::map<std::string, AttentionEfficiency> attention;  ///< by generation of the kernel ("flash-2")
  double straggling = 0;    ///< the slowest of twice as many accelerators is slower by this share
  std::vector<Tile> tiles;  ///< thread-block tiles of the kernel library; the best one is taken
  void describe(Fields& fields);
  friend bool operator==(const Efficiency&, const Efficiency&) = default;
};

/// What the device draws in each state it can be in during a step.
struct PowerLevels {
  Watts idle;           ///< no work at all: a spare
  Watts stalled;        ///< waiting for others, context alive
  Watts communicating;  ///< moving data in a collective
  Watts memory_bound;
  Watts compute_bound;
  void describe(Fields& fields);
  friend bool operator==(const PowerLevels&, const PowerLevels&) = default;
};

struct Accelerator {
  std::string name;
  std::map<std::string, FlopRate> peak;  ///< dense, by precision
  DeviceMemory memory;
  std::int64_t multiprocessors = 0;
  bool any_fp8_layout = false;  ///< fp8 operands are read along either dimension; else the other pass needs them
                                ///< transposed
  Efficiency efficiency;
  PowerLevels power;
  Economics economics;

  void describe(Fields& fields);
  friend bool operator==(const Accelerator&, const Accelerator&) = default;
  /// Throws std::out_of_range if the device does not compute in this precision; `supports` tells.
  FlopRate peak_of(Precision precision) const;
  bool supports(Precision precision) const { return peak.contains(std::string(spelling(precision))); }
};

}  // namespace traingrid

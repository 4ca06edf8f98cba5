#include "cluster/device.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// What is left after the idle multiprocessors of the last wave, and after rows and columns that pad a tile.
double tile_efficiency(const Accelerator& accelerator, const Operator& gemm, const Tile& tile) {
  const double rows = std::ceil(static_cast<double>(gemm.m) / static_cast<double>(tile.m));
  const double columns = std::ceil(static_cast<double>(gemm.n) / static_cast<double>(tile.n));
  const double waves =
      rows * columns * static_cast<double>(gemm.batch) / static_cast<double>(accelerator.multiprocessors);
  const double wave = 1 - accelerator.efficiency.wave_weight * (1 - waves / std::ceil(waves));
  const double padding = static_cast<double>(gemm.m) * static_cast<double>(gemm.n) /
                         (rows * columns * static_cast<double>(tile.m) * static_cast<double>(tile.n));
  return wave * padding;
}

}  // namespace

double gemm_efficiency(const Accelerator& accelerator, const Operator& gemm) {
  const Efficiency& efficiency = accelerator.efficiency;
  double best = 0;
  for (const Tile& tile : efficiency.tiles) best = std::max(best, tile_efficiency(accelerator, gemm, tile));
  const double depth = static_cast<double>(gemm.k) / (static_cast<double>(gemm.k) + efficiency.gemm_depth);
  return efficiency.gemm * depth * best;
}

DeviceTime device_time(const Accelerator& accelerator, const Operator& kernel) {
  if (kernel.bytes <= Bytes{}) return {};  // a pass over nothing is no kernel
  const Seconds streaming = kernel.bytes / (accelerator.memory.bandwidth * accelerator.efficiency.memory);
  const Seconds latency = accelerator.efficiency.kernel_latency;
  const double repeat = kernel.repeat;
  if (!kernel.is_gemm()) return {.memory_bound = repeat * (streaming + latency)};
  const FlopRate rate = accelerator.peak_of(kernel.precision) * gemm_efficiency(accelerator, kernel);
  const Seconds arithmetic = kernel.work() / repeat / rate;
  if (arithmetic >= streaming) return {.compute_bound = repeat * (arithmetic + latency)};
  return {.memory_bound = repeat * (streaming + latency)};
}

DeviceTime device_time(const Accelerator& accelerator, std::span<const Operator> kernels) {
  DeviceTime sum;
  for (const Operator& kernel : kernels) sum = sum + device_time(accelerator, kernel);
  return sum;
}

Watts mean_power(const PowerLevels& levels, DeviceTime time) {
  if (time.total() <= Seconds{}) return levels.stalled;
  return (levels.compute_bound * time.compute_bound + levels.memory_bound * time.memory_bound) / time.total();
}

}  // namespace traingrid

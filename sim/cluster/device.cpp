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

/// Null if the kernel is none of fused attention, or of a generation that the accelerator has no figures for.
const AttentionEfficiency* fused_efficiency(const Efficiency& efficiency, const Operator& kernel) {
  if (kernel.fused.empty()) return nullptr;
  const auto found = efficiency.attention.find(std::string(kernel.fused));
  return found == efficiency.attention.end() ? nullptr : &found->second;
}

double value_of(const std::map<std::string, double>& by_precision, Precision precision, double usual) {
  const auto found = by_precision.find(std::string(spelling(precision)));
  return found == by_precision.end() ? usual : found->second;
}

double large_gemm_efficiency(const Efficiency& efficiency, const Operator& gemm) {
  const double newest = value_of(efficiency.gemm_by_precision, gemm.precision, efficiency.gemm);
  const auto earlier = efficiency.gemm_by_library.find(std::string(gemm.library));
  return earlier == efficiency.gemm_by_library.end() ? newest : newest * value_of(earlier->second, gemm.precision, 1);
}

/// Copies to shared memory that go on beside arithmetic take 4, 8 or 16 aligned bytes (NVIDIA PTX ISA, cp.async).
bool unaligned(const Operator& gemm) {
  constexpr double kLeast = 4;
  const auto odd = [&](std::int64_t width) {
    return std::fmod(static_cast<double>(width) * element_size(gemm.precision), kLeast) != 0;
  };
  return odd(gemm.n) || odd(gemm.k);
}

}  // namespace

double gemm_efficiency(const Accelerator& accelerator, const Operator& gemm) {
  const Efficiency& efficiency = accelerator.efficiency;
  if (const auto* attention = fused_efficiency(efficiency, gemm))
    return (gemm.backward ? attention->backward : attention->forward) * (gemm.unmasked ? attention->unmasked : 1);
  double best = 0;
  for (const Tile& tile : efficiency.tiles) best = std::max(best, tile_efficiency(accelerator, gemm, tile));
  const double fill = efficiency.gemm_depth * element_size(Precision::fp16) / element_size(gemm.precision);
  const double depth = static_cast<double>(gemm.k) / (static_cast<double>(gemm.k) + fill);
  const double alignment = unaligned(gemm) ? efficiency.gemm_unaligned : 1;
  return large_gemm_efficiency(efficiency, gemm) * depth * alignment * best;
}

Seconds streaming_time(const Accelerator& accelerator, const Operator& kernel) {
  return kernel.repeat * kernel.bytes / (accelerator.memory.bandwidth * accelerator.efficiency.memory);
}

DeviceTime device_time(const Accelerator& accelerator, const Operator& kernel) {
  if (kernel.bytes <= Bytes{}) return {};  // a pass over nothing is no kernel
  if (kernel.streams_apart) return {.memory_bound = kernel.repeat * accelerator.efficiency.kernel_latency};
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
  Seconds launches;
  for (const Operator& kernel : kernels) {
    sum = sum + device_time(accelerator, kernel);
    launches += kernel.issue;
    if (kernel.streams_apart) launches -= streaming_time(accelerator, kernel);
  }
  sum.host_bound = std::max(launches - sum.total(), Seconds{});
  return sum;
}

Watts mean_power(const PowerLevels& levels, DeviceTime time) {
  if (time.total() <= Seconds{}) return levels.stalled;
  return (levels.compute_bound * time.compute_bound + levels.memory_bound * time.memory_bound +
          levels.stalled * time.host_bound) /
         time.total();
}

}  // namespace traingrid

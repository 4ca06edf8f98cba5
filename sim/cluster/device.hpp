// How long an accelerator takes for an operator, and what it draws meanwhile.
#pragma once

#include "cluster/accelerator.hpp"
#include "cluster/operator.hpp"

#include <span>

namespace traingrid {

/// Time of a stretch of kernels by what limits them.
struct DeviceTime {
  Seconds compute_bound, memory_bound;
  Seconds host_bound;  ///< the host has not launched the next kernel yet

  constexpr Seconds total() const { return compute_bound + memory_bound + host_bound; }
  friend constexpr DeviceTime operator+(DeviceTime a, DeviceTime b) {
    return {a.compute_bound + b.compute_bound, a.memory_bound + b.memory_bound, a.host_bound + b.host_bound};
  }
};

/// Share of the peak that a multiplication reaches: that of its fused attention kernel if it is part of one, else
/// η · k/(k + k₀) · wave, with k₀ in elements of its precision and wave = 1 − w·(1 −
/// tiles/(SM·⌈tiles/SM⌉)) for the best tile (NVIDIA, "Matrix Multiplication Background User's Guide": tile and wave
/// quantisation).
double gemm_efficiency(const Accelerator& accelerator, const Operator& gemm);

/// Time of the kernel's bytes, of all repeats, with the memory to itself.
Seconds streaming_time(const Accelerator& accelerator, const Operator& kernel);

/// max(FLOP/(peak·efficiency), bytes/(bandwidth·η)) + kernel latency, per kernel (roofline: Williams et al. 2009);
/// without the bytes if they stream apart.
DeviceTime device_time(const Accelerator& accelerator, const Operator& kernel);
/// One after the other, unless the host takes longer to launch them all: max(device, launches).
DeviceTime device_time(const Accelerator& accelerator, std::span<const Operator> kernels);

/// Energy-weighted mean over the stretch; `stalled` if it takes no time.
Watts mean_power(const PowerLevels& levels, DeviceTime time);

}  // namespace traingrid

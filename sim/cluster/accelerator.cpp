#include "cluster/accelerator.hpp"

#include <algorithm>

namespace traingrid {

void Tile::describe(Fields& fields) {
  fields.required("m", m, "Rows of the tile.", at_least_one);
  fields.required("n", n, "Columns of the tile.", at_least_one);
}

void DeviceMemory::describe(Fields& fields) {
  fields.required("capacity", capacity, "Memory of the accelerator.", positive);
  fields.required("bandwidth", bandwidth, "Peak bandwidth of that memory.", hardware_rate);
}

void AttentionEfficiency::describe(Fields& fields) {
  fields.required("forward", forward, "Share of the dense peak, forward.", positive_fraction);
  fields.required("backward", backward, "Share of the dense peak, backward.", positive_fraction);
  fields.optional("unmasked", unmasked, "Rate of parts that no causal mask cuts through, over these.", at_least_one);
  fields.check("unmasked", unmasked * std::max(forward, backward) <= 1, "beyond the dense peak");
}

void Efficiency::describe(Fields& fields) {
  fields.required("gemm", gemm, "Share of the dense peak that a large matrix multiplication reaches.",
                  positive_fraction);
  fields.optional("gemm_by_precision", gemm_by_precision, "The same for a precision where it differs.",
                  positive_fraction);
  fields.optional(
      "gemm_by_library", gemm_by_library,
      "Share of these that an earlier library of multiplications reaches, by its generation and precision.");
  fields.required("gemm_depth", gemm_depth, "k of 2-byte elements at which a multiplication reaches half of that.",
                  non_negative);
  fields.optional(
      "gemm_unaligned", gemm_unaligned,
      "Share of that where rows of a matrix do not begin at multiples of 4 bytes, so that none of them can be "
      "copied beside arithmetic.",
      positive_fraction);
  fields.optional("attention", attention,
                  "Share of the peak that fused attention reaches, by generation of the kernel.");
  fields.optional("straggling", straggling, "By how much the slowest of twice as many accelerators is slower.",
                  fraction);
  fields.required("wave_weight", wave_weight, "Share of an unfinished last wave of tiles that is lost.", fraction);
  fields.required("memory", memory, "Share of the memory bandwidth that a long stream reaches.", positive_fraction);
  fields.required("kernel_latency", kernel_latency, "Start and end of one kernel.", hardware_delay);
  fields.required("tiles", tiles, "Thread-block tiles of the kernel library; the best one is taken.");
  fields.check("tiles", !tiles.empty(), "needs at least one tile");
}

void PowerLevels::describe(Fields& fields) {
  fields.required("idle", idle, "Drawn without any work, as a spare.", positive);
  fields.required("stalled", stalled, "Drawn while waiting for others.", positive);
  fields.required("communicating", communicating, "Drawn while moving data in a collective.", positive);
  fields.required("memory_bound", memory_bound, "Drawn in kernels limited by memory.", positive);
  fields.required("compute_bound", compute_bound, "Drawn in kernels limited by arithmetic.", positive);
}

void Accelerator::describe(Fields& fields) {
  fields.required("name", name, "Name as the vendor writes it.");
  fields.required("peak", peak, "Dense peak by precision (fp32, tf32, fp16, bf16, fp8, mxfp8, fp4, nvfp4).",
                  hardware_rate);
  const auto& names = Spellings<Precision>::names;
  const bool known = std::ranges::all_of(
      peak, [&](const auto& entry) { return std::ranges::find(names, entry.first) != names.end(); });
  fields.check("peak", known, "precisions are fp32, tf32, fp16, bf16, fp8, mxfp8, fp4 and nvfp4");
  fields.required("memory", memory, "High-bandwidth memory.");
  fields.optional("any_fp8_layout", any_fp8_layout,
                  "fp8 operands are read along either dimension; else a transposed copy is needed.");
  fields.required("multiprocessors", multiprocessors, "Streaming multiprocessors or compute units.", at_least_one);
  fields.required("efficiency", efficiency, "What kernels reach of the peaks.");
  fields.required("power", power, "Power by state.");
  fields.reference("economics", economics, "hardware", "Prices and embodied carbon.");
}

FlopRate Accelerator::peak_of(Precision precision) const { return peak.at(std::string(spelling(precision))); }

}  // namespace traingrid

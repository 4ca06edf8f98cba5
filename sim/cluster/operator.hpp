// What an accelerator is asked to do, without seconds: matrix multiplications and passes over memory.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace traingrid {

/// mxfp8 and nvfp4 are formats of their own: tensor cores scale their blocks of 32 and 16 elements as they multiply.
enum class Precision { fp32, tf32, fp16, bf16, fp8, mxfp8, fp4, nvfp4 };
template <>
struct Spellings<Precision> {
  static constexpr std::array<std::string_view, 8> names{"fp32", "tf32",  "fp16", "bf16",
                                                         "fp8",  "mxfp8", "fp4",  "nvfp4"};
};

/// Bytes of one element as it lies in memory, with its share of a block's one-byte scale; tf32 is stored as fp32.
constexpr double element_size(Precision precision) {
  constexpr std::array sizes{4.0, 4.0, 2.0, 2.0, 1.0, 1.0 + 1.0 / 32, 0.5, 0.5 + 1.0 / 16};
  return sizes[static_cast<std::size_t>(precision)];
}

/// One kernel, or `repeat` alike. A matrix multiplication (m × k by k × n, `batch` of them) has FLOP and operand bytes;
/// a memory-bound pass has bytes only.
struct Operator {
  std::string_view name;
  std::int64_t batch = 0, m = 0, n = 0, k = 0;  ///< all zero for a memory-bound pass
  Bytes bytes;                                  ///< moved to and from memory, each time
  Precision precision = Precision::fp16;
  int repeat = 1;
  std::int64_t launches = 1;     ///< kernels that do it, side by side
  bool weight_gradient = false;  ///< nothing of the pass before needs it, so it may wait
  std::string_view library{};    ///< generation of the matrix library; empty: the one of the accelerator's figures
  std::string_view fused{};      ///< part of a fused attention kernel of this generation; empty: of the matrix library
  bool backward = false;         ///< of that kernel: its backward pass
  bool unmasked = false;         ///< no causal mask cuts through what it multiplies
  Seconds issue{};               ///< the host takes to launch it, or to do what launches nothing
  bool streams_apart = false;    ///< its bytes are a flow, which takes its time elsewhere

  friend constexpr bool operator==(const Operator&, const Operator&) = default;
  constexpr bool is_gemm() const { return batch > 0; }
  /// Of all repeats.
  constexpr Flop work() const {
    return 2.0 * static_cast<double>(repeat) * static_cast<double>(batch) * static_cast<double>(m) *
           static_cast<double>(n) * static_cast<double>(k) * flop;
  }
};

/// `batch` products of m × k and k × n, every operand read once and the product written once, in a format of its own.
constexpr Operator gemm(std::string_view name, std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k,
                        Precision operands, Precision product) {
  const auto rows = static_cast<double>(m), columns = static_cast<double>(n), depth = static_cast<double>(k);
  const double each =
      (rows * depth + depth * columns) * element_size(operands) + rows * columns * element_size(product);
  return {.name = name,
          .batch = batch,
          .m = m,
          .n = n,
          .k = k,
          .bytes = static_cast<double>(batch) * each * byte,
          .precision = operands};
}
constexpr Operator gemm(std::string_view name, std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k,
                        Precision precision) {
  return gemm(name, batch, m, n, k, precision, precision);
}

/// Work of the host that the device waits for.
constexpr Operator host_work(std::string_view name, Seconds time) { return {.name = name, .issue = time}; }

/// A kernel that is limited by memory: `bytes` read and written.
constexpr Operator memory_pass(std::string_view name, Bytes bytes) { return {.name = name, .bytes = bytes}; }

}  // namespace traingrid

// What of a step runs in which format: linear layers may multiply narrow operands (fp8, fp4); attention, norms, the
// head and whatever is kept stay wide. Micikevicius et al. 2022 (fp8); OCP Microscaling Formats 1.0, 2023 (mx).
#pragma once

#include "cluster/operator.hpp"

namespace traingrid {

/// Where the scale of an fp8 tensor comes from: from maxima of earlier steps; from its own maximum, which takes a pass
/// of its own; or every block has one (DeepSeek-AI 2024, arXiv 2412.19437, section 3.3: 1 x 128 and 128 x 128).
enum class Fp8Recipe { delayed, current, block };
template <>
struct Spellings<Fp8Recipe> {
  static constexpr std::array<std::string_view, 3> names{"delayed", "current", "block"};
};

constexpr bool is_narrow(Precision precision) { return element_size(precision) < element_size(Precision::bf16); }

/// The format of what is not multiplied in the narrow one.
constexpr Precision wide_format(Precision precision) { return is_narrow(precision) ? Precision::bf16 : precision; }

/// Bytes moved to bring one wide element into a narrow format: read, written as it is and transposed, as the passes
/// forward and backward need it; read once more where its tensor's maximum must be known first (nvfp4 has such a
/// scale above those of its blocks). Zero for wide formats.
constexpr double cast_bytes(Precision precision, Fp8Recipe recipe) {
  if (!is_narrow(precision)) return 0;
  constexpr double block = 128, scale = 4;  // elements and bytes of the fp8 recipe in blocks
  const double wide = element_size(wide_format(precision));
  const bool fp8 = precision == Precision::fp8;
  const bool maximum_first = precision == Precision::nvfp4 || (fp8 && recipe == Fp8Recipe::current);
  const double narrow = element_size(precision) + (fp8 && recipe == Fp8Recipe::block ? scale / block : 0);
  return (maximum_first ? 2 : 1) * wide + 2 * narrow;
}

/// Of a weight that is multiplied in this format: scales of blocks run along one dimension, so that the way back needs
/// a copy along the other; so it does where the device reads fp8 along one only.
constexpr int weight_copies(Precision precision, Fp8Recipe recipe, bool any_fp8_layout) {
  const bool one_scale = precision == Precision::fp8 && recipe != Fp8Recipe::block;
  return !is_narrow(precision) || (one_scale && any_fp8_layout) ? 1 : 2;
}

}  // namespace traingrid

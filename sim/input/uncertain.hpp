// Values that are not known exactly: how they are distributed, and the value of each draw. Rooms below `input` never
// see this: they get the value in the middle, or that of one sample.
#pragma once

#include "input/fields.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace traingrid {

/// Triangular: `low` and `high` are the ends, `mid` is the likeliest. Lognormal, to each side of `mid` one of its own:
/// `low`, `mid` and `high` are the 5th, 50th and 95th percentile.
enum class Distribution { triangular, lognormal };
template <>
struct Spellings<Distribution> {
  static constexpr std::array<std::string_view, 2> names{"triangular", "lognormal"};
};

/// One sample of all uncertain values. Every value has a number of its own, made of nothing but seed, sample and key,
/// so that one value more changes no other.
struct Draw {
  std::uint64_t seed = 0, sample = 0;

  /// Above 0 and below 1; `key` says which value.
  double uniform(std::uint64_t key) const;
};

struct Uncertain {
  Distribution distribution = Distribution::triangular;
  double low = 0, mid = 0, high = 0;
  std::uint64_t key = 0;  ///< of the value, whoever reads it
  Range range = any;      ///< of the field: the distribution is cut off there

  bool is_certain() const { return low == high; }
  /// The value with the share `u` of all cases below it.
  double quantile(double u) const;
  double at(const Draw& draw) const { return quantile(draw.uniform(key)); }

  friend bool operator==(const Uncertain& a, const Uncertain& b) {
    return a.key == b.key && a.distribution == b.distribution && a.low == b.low && a.mid == b.mid && a.high == b.high;
  }
};

/// `mid` ± `share` of it, 90 % of all cases: the 5th and 95th percentile are mid · (1 ± share).
Uncertain within(double mid, double share, Distribution distribution);

/// A number for a text: FNV-1a (Fowler, Noll, Vo), continued from `before`.
constexpr std::uint64_t kNoText = 0xcbf29ce484222325;
constexpr std::uint64_t hashed(std::string_view text, std::uint64_t before = kNoText) {
  for (const char c : text) before = (before ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return before;
}

}  // namespace traingrid

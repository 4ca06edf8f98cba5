// The two ways to write a value that is not known exactly: {low: 0.3 kg/kWh, mid: 0.37 kg/kWh, high: 0.45 kg/kWh} and
// 370 g/kWh ± 10 %. Either may hold `distribution`, `drawn_with` and a source; the second then stands under `value`.
#pragma once

#include "input/node.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace traingrid {

inline constexpr std::string_view kDistribution = "distribution";
/// Intervals with the same text under this key rise and fall together: one number of each sample is drawn for all.
inline constexpr std::string_view kDrawnWith = "drawn_with";

bool is_interval(const Node& node);

/// The value before the ± (also written +-), if there is one, and what stands behind it.
struct Tolerance {
  std::string_view value, behind;
};
std::optional<Tolerance> tolerance_of(std::string_view text);
/// "10 %" as 0.1; nothing unless it is a percentage of at least 0 and below 100.
std::optional<double> share_of(std::string_view percentage);

/// The scalar with the ±, or an empty node for three values.
const Node& tolerant(const Node& node);

/// Gives every interval below `root` a number made of `name` and of the keys that lead to it, or of what it is drawn
/// with. An alias is the same value as what it stands for, and a value keeps its number when it is written with a
/// source.
void stamp_intervals(Node& root, std::string_view name);

}  // namespace traingrid

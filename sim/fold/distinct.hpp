// Lists as sets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace traingrid {

/// Sorts what follows the first `from` and keeps one of each.
inline void keep_distinct(std::vector<std::int32_t>& list, std::size_t from = 0) {
  const auto first = list.begin() + static_cast<std::ptrdiff_t>(from);
  std::sort(first, list.end());
  list.erase(std::unique(first, list.end()), list.end());
}

}  // namespace traingrid

// Links as rows of the system that fixes the rates: which are alike under a partition of the streams, and which kinds
// of rows the members of a class cross.
#pragma once

#include "fold/template.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

/// Rows of equal capacity, crossed equally often by the streams of every class, are alike.
struct Rows {
  std::vector<std::int32_t> class_of_link;  ///< by link; −1 if no stream crosses it
  /// By stream class: the sets of kinds of rows that its members cross, each set once, in order.
  std::vector<std::vector<std::vector<std::int32_t>>> crossed;
  std::vector<std::int32_t> set_of_stream;  ///< by stream: which of them it crosses
};

Rows rows_of(const Template& step, const std::vector<std::int32_t>& class_of_stream, std::int32_t classes);

}  // namespace traingrid

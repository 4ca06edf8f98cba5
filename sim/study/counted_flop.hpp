// FLOP of a step as publishers count them, so that a printed utilisation or rate can be turned into a time.
#pragma once

#include "workload/run.hpp"

namespace traingrid {

/// Multiplications and additions of matrix products, forward and twice that backward: every weight that a token passes,
/// the head once, and attention over all tokens that it may see, or half of them under a causal mask (Narayanan et al.
/// 2021, arXiv 2104.04473, appendix).
struct CountedFlop {
  double model = 0;     ///< without recomputation
  double hardware = 0;  ///< with it
};
CountedFlop counted_flop(const Run& run, bool half_attention);

}  // namespace traingrid

// Which ranks, groups and streams could be alike: a first guess from what they are, and finer ones from what a run of
// it showed.
#pragma once

#include "fold/certify.hpp"
#include "fold/merge.hpp"
#include "fold/quotient.hpp"
#include "fold/rows.hpp"
#include "fold/template.hpp"
#include "fold/variants.hpp"

#include <cstdint>
#include <vector>

namespace traingrid {

/// Ranks of one role are alike, groups of alike ranks, and streams of alike groups or between alike ranks. Links are
/// left out.
Classes first_guess(const Template& step);

/// Classes made finer and coarser at once.
struct NextGuess {
  Classes classes;
  std::vector<std::int32_t> fresh_ranks, fresh_groups, fresh_streams;  ///< classes split off from others
};
/// Parts what a verdict found to be unlike, and joins what the run could not tell apart; streams go with their groups.
/// `label`, by stream and empty at first, keeps streams apart for good that once were found to be unlike.
NextGuess next_guess(const Template& step, const Classes& classes, const Rows& rows, const Variants& variants,
                     const Verdict& verdict, const Alike& alike, std::vector<std::int32_t>& label);

}  // namespace traingrid

// What renting the accelerators would have cost, by Epoch AI's rules: the vendor's three-year commitment price.
// Cottier et al. 2024, arXiv 2405.21015; the same order of look-ups as the authors' cost_analysis_standalone.py.
#pragma once

#include "cost/epoch.hpp"

namespace traingrid {

/// The price per accelerator and time: the vendor's latest before the day of renting, or its first after it; other
/// vendors if that one has none; shorter commitments, discounted as usual, if nobody has one for three years.
std::optional<HourlyPrice> rental_price(const Economics& economics, const CostedRun& run,
                                        const EpochAccounting& accounting);

}  // namespace traingrid

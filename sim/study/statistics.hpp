// What many numbers have in common.
#pragma once

#include <optional>
#include <vector>

namespace traingrid {

/// From 0; equal values share the mean of their ranks.
std::vector<double> ranks_of(const std::vector<double>& values);

/// Pearson's; of ranks it is Spearman's. Nothing if one of them does not vary.
std::optional<double> correlation(const std::vector<double>& a, const std::vector<double>& b);

/// The value that `share` of the sorted values are below, between two of them by their distance (definition 7 of
/// Hyndman and Fan, "Sample quantiles in statistical packages", 1996). Needs at least one value.
double percentile(const std::vector<double>& sorted, double share);

}  // namespace traingrid

// What one use of a trained model takes, from its energy at the IT equipment: everything else is proportional to it, at
// the means of a run's site and machine. How much energy a query takes is measured, or assumed; it is not simulated.
#pragma once

#include "study/result.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace traingrid {

struct QueryFigure {
  std::string_view name, about;
  std::optional<double> value;
};

/// `per_day` queries, if any are given, add what they take in a year and when they have taken as much as the training.
/// Li et al. 2023, arXiv 2304.03271: W = E · (WUE + PUE · EWIF).
std::vector<QueryFigure> queries_of(const Result& training, Joules energy, std::optional<double> per_day);

}  // namespace traingrid

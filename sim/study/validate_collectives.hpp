// Published measurements of collectives against the same collectives simulated. What is simulated follows from the
// fields that say what was run, never from the measured ones, nor from the row's name.
#pragma once

#include "collective/library.hpp"
#include "input/node.hpp"
#include "input/problems.hpp"
#include "study/testbed.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// One published number and ours.
struct Comparison {
  std::string id;
  std::string suite;     ///< by size of the message: "small-message", "mid-size", "large-message"
  std::string quantity;  ///< the field of the row that is compared
  double published = 0;
  std::optional<double> simulated;
  std::string reason;        ///< why there is none
  std::string algorithm;     ///< what was simulated
  bool calibration = false;  ///< constants of the model were fitted to this row
  /// In percent of the published number.
  std::optional<double> error() const;
};

struct SuiteSummary {
  std::string suite, quantity;
  int rows = 0, simulated_rows = 0;
  std::optional<double> mean_abs_error, worst_abs_error, bias;  ///< in percent
  std::optional<double> rank_correlation;                       ///< Spearman's
};

/// What measurements are compared with, and which of them the constants in use were fitted to.
struct CollectiveValidation {
  Testbed testbed;
  Library library;
  std::string calibrated_on;  ///< names of rows, anywhere in the text
};

/// All rows of a file with `records`, in its order. What is no such file is a problem.
std::vector<Comparison> validate_collectives(const Node& file, const CollectiveValidation& context, Problems& problems);

/// By suite and quantity, in order of appearance.
std::vector<SuiteSummary> summarise(const std::vector<Comparison>& rows);

}  // namespace traingrid

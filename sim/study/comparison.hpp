// Published numbers beside simulated ones: errors per row, and each suite of rows in short.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// What follows from the row's own figures is taken to be right to so much.
inline constexpr double kExactPercent = 0.1;

/// One published number and ours.
struct Comparison {
  std::string id;
  std::string suite;     ///< of a collective by size of the message: "small-message", "mid-size", "large-message"
  std::string quantity;  ///< the field of the row that is compared
  double published = 0;
  std::optional<double> simulated;
  std::string reason;             ///< why there is none
  std::string algorithm;          ///< what was simulated, of a collective
  bool calibration = false;       ///< constants of the model were fitted to this row
  std::string kind{"simulated"};  ///< or "accounting", "listed"; of steps "step", "ablation", "layer": never averaged
                                  ///< together
  std::string assumed{};          ///< what the row does not say, and what was taken for it
  std::optional<double> rounding{};  ///< in percent: what the digits of the row's own figures leave open
  std::string comment{};             ///< on an answer that is off, what its digits explain
  /// In percent of the published number.
  std::optional<double> error() const;
  /// Of an answer by the row's own figures: whether it is off by more than their digits leave open, and than 0.1 %.
  bool beyond_rounding() const;
};

struct SuiteSummary {
  std::string suite, quantity, kind;
  int rows = 0, simulated_rows = 0;
  std::optional<double> mean_abs_error, worst_abs_error, bias;  ///< in percent
  std::optional<double> rank_correlation;                       ///< Spearman's
};

/// By suite and quantity, and by kind if these are apart, in order of appearance.
std::vector<SuiteSummary> summarise(const std::vector<Comparison>& rows, bool kinds_apart = false);

/// Whether the text (rows that constants were fitted to) names the row, as a whole word.
bool names_row(std::string_view text, std::string_view row);

}  // namespace traingrid

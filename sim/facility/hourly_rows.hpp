// Rows of a file, an hour each, as measured series have them: with gaps, empty cells and clocks that change.
#pragma once

#include "facility/hourly.hpp"
#include "input/problems.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// What one row says; nothing where a cell is empty or holds a code for a missing value.
struct HourlyRow {
  Instant time{};
  std::vector<std::optional<double>> values;
  Mark mark{};
};

/// An hour each, without gaps.
struct RegularHours {
  Instant start{};
  std::vector<std::vector<double>> rows;
  std::vector<std::string> notes;  ///< what was filled in, and where a clock may have been set forward
};

/// Fills gaps and missing values of up to three hours with straight lines, at the ends with the nearest value. Longer
/// ones, rows that go back in time, that come twice or that are not whole hours apart are problems of their rows, and
/// then the hours are not to be used.
RegularHours regular_hours(const std::vector<HourlyRow>& rows, const std::string& file, Problems& problems);

}  // namespace traingrid

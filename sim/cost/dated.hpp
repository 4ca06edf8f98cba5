// Which of several dated prices stands for a day.
#pragma once

#include "units/date.hpp"

namespace traingrid {

/// Whether a price of day `a` stands for `date` rather than one of day `b`: the latest by then does, else the first
/// after.
constexpr bool stands_rather(Date a, Date b, Date date) {
  const bool known = a <= date, other_known = b <= date;
  if (known != other_known) return known;
  return known ? a > b : a < b;
}

}  // namespace traingrid

// Calendar days, as prices and starts of runs carry them.
#pragma once

#include "units/quantity.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace traingrid {

/// A day of the Gregorian calendar.
struct Date {
  std::chrono::sys_days days{};

  friend constexpr auto operator<=>(Date, Date) = default;
  /// The time from b to a, negative if a is earlier.
  friend constexpr Seconds operator-(Date a, Date b) { return static_cast<double>((a.days - b.days).count()) * day; }
  friend constexpr Date operator+(Date a, std::chrono::days count) { return {a.days + count}; }
  int year() const { return static_cast<int>(std::chrono::year_month_day{days}.year()); }
};

/// "2019-10-01"; nothing if it is not a day of the calendar.
std::optional<Date> parse_date(std::string_view text);
std::string to_text(Date date);

}  // namespace traingrid

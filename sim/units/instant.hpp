// Moments in time, as rows of hourly files carry them: Coordinated Universal Time, without leap seconds.
#pragma once

#include "units/date.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace traingrid {

/// A moment, as the time since 1970-01-01T00:00 UTC.
struct Instant {
  Seconds since_epoch;

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Seconds operator-(Instant a, Instant b) { return a.since_epoch - b.since_epoch; }
  friend constexpr Instant operator+(Instant a, Seconds b) { return {a.since_epoch + b}; }
};

/// The first moment of a day.
constexpr Instant midnight(Date date) { return {date - Date{}}; }
/// The day that a moment is in.
Date date_of(Instant instant);

/// Days since the first of January in a year of 365 days: 29 February counts as the 28th.
int day_of_common_year(Date date);

/// "2022-01-01 00:00:00+00:00", "2023-01-01T05:30", "2023-01-01T00Z": a date, 'T' or a blank, and a time of day; a time
/// zone may follow, without which it is `offset` ahead of UTC. Nothing if it is no moment.
std::optional<Instant> parse_instant(std::string_view text, Seconds offset = {});
/// "2023-01-01T05:30Z", to the minute.
std::string to_text(Instant instant);

}  // namespace traingrid

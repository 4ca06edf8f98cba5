#include "facility/hourly.hpp"

#include "input/problems.hpp"

#include <fmt/format.h>

#include <cmath>

namespace traingrid {
namespace {

std::size_t hour_of_day(Instant instant) {
  return static_cast<std::size_t>(std::floor((instant - midnight(date_of(instant))) / hour));
}

std::size_t hour_of_common_year(Instant instant) {
  return 24 * static_cast<std::size_t>(day_of_common_year(date_of(instant))) + hour_of_day(instant);
}

/// The same day and time of another year.
Instant in_year(Instant instant, int calendar_year) {
  const Date first{std::chrono::sys_days{std::chrono::year{calendar_year} / std::chrono::January / 1}};
  const auto of_common_year = static_cast<double>(hour_of_common_year(instant)) * hour;
  const Instant end_of_february = midnight(first) + 59 * day;
  const Instant moved = midnight(first) + of_common_year;
  const bool leap = std::chrono::year{calendar_year}.is_leap();
  return leap && moved >= end_of_february ? moved + day : moved;
}

}  // namespace

std::optional<std::size_t> HourAxis::index(Instant instant) const {
  if (typical) return hour_of_common_year(instant + utc_offset);
  const auto in_series = [&](Instant moment) -> std::optional<std::size_t> {
    const double hours = std::floor((moment - start) / hour);
    return hours >= 0 && hours < static_cast<double>(count) ? std::optional{static_cast<std::size_t>(hours)}
                                                            : std::nullopt;
  };
  if (const auto own = in_series(instant); own || !wraps) return own;
  const Instant end = start + static_cast<double>(count) * hour;
  for (int own = date_of(start).year(); own <= date_of(end).year(); ++own) {
    if (const auto other = in_series(in_year(instant, own))) return other;
  }
  return std::nullopt;
}

Instant HourAxis::next(Instant instant) const {
  const Instant origin = typical ? Instant{} + -utc_offset : start;
  return origin + (std::floor((instant - origin) / hour) + 1) * hour;
}

void detail::not_covered(const HourAxis& axis, const std::string& what, const Mark& from, Instant instant) {
  Problems problems;
  const Instant last = axis.start + static_cast<double>(axis.count - 1) * hour;
  problems.add(from,
               fmt::format("{} holds the hours {} to {}, and the run needs {}", what, to_text(axis.start),
                           to_text(last), to_text(instant)),
               "state 'wrap: true' beside it to take the same days of its year, or start the run in it");
  problems.finish();
  throw std::logic_error("a problem was added");
}

}  // namespace traingrid

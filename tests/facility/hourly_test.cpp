#include "facility/hourly.hpp"
#include "catch.hpp"
#include "input/problems.hpp"

#include <numeric>

using namespace traingrid;

namespace {

Instant at(const char* text) { return *parse_instant(text); }

/// Hours that hold their own number.
Hourly<double> counted(HourAxis axis) {
  std::vector<double> numbers(axis.count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return {axis, numbers, "hours.csv", {}};
}

}  // namespace

TEST_CASE("a typical year is in local standard time, and 29 February is its 28th") {
  const auto hours = counted({.utc_offset = -5 * hour});
  CHECK(hours.at(at("2023-01-01T05:00")) == 0);
  CHECK(hours.at(at("2023-01-01T04:59")) == 8759);
  CHECK(hours.at(at("2024-02-29T05:30")) == 58 * 24);
  CHECK(hours.at(at("2024-03-01T05:30")) == 59 * 24);
  CHECK(hours.at(at("2024-12-31T05:00")) == 364 * 24);
}

TEST_CASE("hours of a place half an hour ahead begin at half past") {
  const auto hours = counted({.utc_offset = 5.5 * hour});
  const Instant start = at("2023-01-01T00:00");
  CHECK(hours.next(start, start + day) == at("2023-01-01T00:30"));
  CHECK(hours.next(at("2023-01-01T00:30"), start + day) == at("2023-01-01T01:30"));
  CHECK(hours.next(start, start + minute) == start + minute);
}

TEST_CASE("a dated series stands for itself, and for other years only if it is asked to") {
  HourAxis axis{.typical = false, .start = at("2023-01-01T04:00"), .count = 8760};
  CHECK(counted(axis).at(at("2023-01-01T04:59")) == 0);
  CHECK(counted(axis).at(at("2024-01-01T03:00")) == 8759);
  CHECK_THROWS_WITH(counted(axis).at(at("2023-01-01T03:00")),
                    "hours.csv holds the hours 2023-01-01T04:00Z to 2024-01-01T03:00Z, and the run needs "
                    "2023-01-01T03:00Z; state 'wrap: true' beside it to take the same days of its year, or start the "
                    "run in it");
  axis.wraps = true;
  CHECK(counted(axis).at(at("2023-01-01T03:00")) == 8759);
  CHECK(counted(axis).at(at("2020-01-01T04:00")) == 0);
  CHECK(counted(axis).at(at("2020-02-29T12:00")) == counted(axis).at(at("2023-02-28T12:00")));
  CHECK(counted(axis).at(at("2020-03-01T12:00")) == counted(axis).at(at("2023-03-01T12:00")));
}

TEST_CASE("days of a leap year stand for those of other years by their dates") {
  const auto hours = counted({.typical = false, .start = at("2024-01-01T00:00"), .count = 8784, .wraps = true});
  CHECK(hours.at(at("2023-03-01T00:00")) == 60 * 24);
  CHECK(hours.at(at("2023-02-28T23:00")) == 58 * 24 + 23);
  CHECK(hours.at(at("2025-12-31T23:00")) == 8783);
}

TEST_CASE("wrapping part of a year leaves out what it does not hold") {
  const auto summer = counted({.typical = false, .start = at("2023-06-01T00:00"), .count = 720, .wraps = true});
  CHECK(summer.at(at("2021-06-02T00:00")) == 24);
  CHECK_THROWS_AS(summer.at(at("2021-01-01T00:00")), InputError);
}

TEST_CASE("a steady quantity is the same at all times") {
  const Hourly<double> steady(7);
  CHECK(steady.is_steady());
  CHECK(steady.at({}) == 7);
  CHECK(steady.next({}, at("2023-01-01T00:00")) == at("2023-01-01T00:00"));
  CHECK(steady.values() == std::vector<double>{7});
}

#include "units/instant.hpp"
#include "catch.hpp"

using namespace traingrid;

TEST_CASE("moments are written in the ways that hourly files write them") {
  const Instant noon = midnight(*parse_date("2022-03-01")) + 12 * hour;
  for (const char* text : {"2022-03-01 12:00:00+00:00", "2022-03-01T12:00", "2022-03-01 12:00:00", "2022-03-01T12Z",
                           "2022-03-01T17:30+05:30", "2022-03-01T08:00:00-0400", "2022-03-01T12:00:00.000Z"}) {
    INFO(text);
    CHECK(parse_instant(text) == noon);
  }
  CHECK(parse_instant("2022-03-01T08:00", -4 * hour) == noon);
  CHECK(parse_instant("2022-03-01T12:00Z", -4 * hour) == noon);
  CHECK(to_text(noon) == "2022-03-01T12:00Z");
}

TEST_CASE("what is no moment is refused") {
  for (const char* text : {"", "2022-03-01", "2022-03-01T", "2022-02-30T00:00", "2022-03-01T24:00", "2022-03-01T12:60",
                           "2022-03-01T12:00 UTC", "2022-03-01T12:00+5", "2022-03-01x12:00", "01/03/2022 12:00"}) {
    INFO(text);
    CHECK_FALSE(parse_instant(text));
  }
}

TEST_CASE("moments before 1970 fall into days of their own") {
  CHECK(to_text(Instant{} + -1 * minute) == "1969-12-31T23:59Z");
}

TEST_CASE("a year of 365 days counts 29 February as the 28th") {
  const auto count = [](const char* text) { return day_of_common_year(*parse_date(text)); };
  CHECK(count("2023-01-01") == 0);
  CHECK(count("2023-12-31") == 364);
  CHECK(count("2024-02-28") == 58);
  CHECK(count("2024-02-29") == 58);
  CHECK(count("2024-03-01") == 59);
  CHECK(count("2024-12-31") == 364);
}

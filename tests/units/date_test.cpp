#include "units/date.hpp"
#include "catch.hpp"

using namespace traingrid;

TEST_CASE("dates are days of the calendar, and nothing else is a date") {
  CHECK(to_text(*parse_date("2019-10-01")) == "2019-10-01");
  CHECK(parse_date("2020-02-29").has_value());
  for (const char* text : {"2019-02-29", "2019-13-01", "2019-1-01", "01.10.2019", "2019-10-01T00:00", ""}) {
    INFO(text);
    CHECK_FALSE(parse_date(text).has_value());
  }
}

TEST_CASE("the difference of two dates is a time") {
  CHECK((*parse_date("2019-10-01") - *parse_date("2018-06-25")) / day == 463.0);
}

#include "facility/hourly_rows.hpp"
#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

struct Hour {
  double hour_of_day;
  std::optional<double> value;
};

/// Rows of a file whose line n holds row n.
std::vector<HourlyRow> rows_of(const std::vector<Hour>& hours) {
  std::string text;
  for (std::size_t i = 0; i < hours.size(); ++i) text += "row\n";
  const auto file = std::make_shared<SourceFile>(SourceFile{.path = "h.csv", .bytes = text});
  std::vector<HourlyRow> rows;
  for (const auto& [at, value] : hours)
    rows.push_back({Instant{} + at * hour, {value}, Mark{file, rows.size() + 1, 1}});
  return rows;
}

std::vector<std::string> problems_of(const std::vector<Hour>& hours) {
  Problems problems;
  regular_hours(rows_of(hours), "h.csv", problems);
  return messages(problems.text());
}

}  // namespace

TEST_CASE("gaps and empty cells of up to three hours are filled with straight lines, and that is said") {
  Problems problems;
  const RegularHours hours = regular_hours(rows_of({{0, 10}, {1, {}}, {2, 20}, {6, 40}, {7, {}}}), "h.csv", problems);
  CHECK(problems.text().empty());
  CHECK(hours.start == Instant{});
  CHECK(hours.rows == std::vector<std::vector<double>>{{10}, {15}, {20}, {25}, {30}, {35}, {40}, {40}});
  CHECK(hours.notes ==
        std::vector<std::string>{"h.csv: 5 missing hours were filled in with straight lines, at most 3 in a row"});
}

TEST_CASE("nothing is said of a series without gaps") {
  Problems problems;
  CHECK(regular_hours(rows_of({{0, 1}, {1, 2}}), "h.csv", problems).notes.empty());
}

TEST_CASE("a gap of more than three hours is a problem of the row after it") {
  CHECK(problems_of({{0, 1}, {5, 2}}) ==
        std::vector<std::string>{"4 hours are missing between line 1 (1970-01-01T00:00Z) and this row; up to 3 are "
                                 "filled in; complete the file"});
  CHECK(problems_of({{0, 1}, {1, {}}, {2, {}}, {3, {}}, {4, {}}, {5, 2}}) ==
        std::vector<std::string>{"4 hours in a row lack a value from here on; up to 3 are filled in; complete the "
                                 "file"});
}

TEST_CASE("rows that come twice, as when a clock is set back, go back, or lie between hours are problems") {
  CHECK(problems_of({{0, 1}, {1, 2}, {1, 3}, {2, 4}}) ==
        std::vector<std::string>{"1970-01-01T01:00Z comes twice, first on line 2; keep one of the rows; if a clock was "
                                 "set back there, give times in UTC or standard time"});
  CHECK(problems_of({{0, 1}, {2, 2}, {1, 3}}) ==
        std::vector<std::string>{"1970-01-01T01:00Z comes after 1970-01-01T02:00Z of line 2; sort the rows by time"});
  CHECK(problems_of({{0, 1}, {0.25, 2}}) ==
        std::vector<std::string>{"1970-01-01T00:15Z is not a whole number of hours after line 1; give hourly values"});
}

TEST_CASE("an hour that is missing on a Sunday of spring may be a clock set forward, and its row is named") {
  const double sunday = 24 * 66, wednesday = sunday + 24 * 3;  // 8 March 1970
  const auto notes = [](double from) {
    Problems problems;
    return regular_hours(rows_of({{from, 1}, {from + 1, 2}, {from + 3, 3}}), "h.csv", problems).notes;
  };
  REQUIRE(notes(sunday).size() == 2);
  CHECK(
      notes(sunday)[0] ==
      "h.csv:3: 1970-03-08T02:00Z is missing, and filled in; if a clock was set forward there, later hours are an hour "
      "late: give times in UTC or standard time");
  CHECK(notes(wednesday).size() == 1);
}

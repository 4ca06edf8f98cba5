#include "input/table.hpp"
#include "catch.hpp"
#include "input/problems.hpp"

using namespace traingrid;

namespace {

Table table_of(const std::string& text, Problems& problems) {
  return Table::parse(std::make_shared<SourceFile>(SourceFile{.path = "hours.csv", .bytes = text}), problems);
}

}  // namespace

TEST_CASE("a table holds the cells of its lines, without blanks around them, and leaves blank lines out") {
  Problems problems;
  const Table table = table_of("time,  price\r\n\n2023-01-01 00:00, -5.5\r\n2023-01-01 01:00,", problems);
  CHECK(problems.empty());
  REQUIRE(table.rows() == 3);
  CHECK(table.headings(0) == std::vector<std::string>{"time", "price"});
  CHECK(table.find(0, "price") == 1);
  CHECK_FALSE(table.find(0, "cost"));
  CHECK(table.cell(1, 0) == "2023-01-01 00:00");
  CHECK(table.cell(1, 1) == "-5.5");
  CHECK(table.cell(2, 1).empty());
  CHECK(table.cell(2, 7).empty());
}

TEST_CASE("quotes hold commas, line ends and quotes") {
  Problems problems;
  const Table table = table_of("a,\"b, \"\"c\"\"\nd\",e\nf,g,h\n", problems);
  CHECK(problems.empty());
  REQUIRE(table.rows() == 2);
  CHECK(table.cell(0, 1) == "b, \"c\"\nd");
  CHECK(table.cell(0, 2) == "e");
  CHECK(to_text(table.mark(1, 2)) == "hours.csv:3:5");
}

TEST_CASE("every cell knows its place, and a cell that is missing that of the end of its line") {
  Problems problems;
  const Table table = table_of("Zürich,b\n1,2\n3\n", problems);
  CHECK(to_text(table.mark(0, 1)) == "hours.csv:1:8");
  CHECK(to_text(table.mark(1, 1)) == "hours.csv:2:3");
  CHECK(to_text(table.mark(2, 1)) == "hours.csv:3:2");
}

TEST_CASE("a quote that is never closed is a problem at its place") {
  Problems problems;
  table_of("a,b\nc,\"d\ne", problems);
  CHECK(problems.text() == "hours.csv:2:3: this quote is never closed\n  c,\"d\n    ^");
}

#include "report/listing.hpp"

#include "catch.hpp"

#include <nlohmann/json.hpp>

using namespace traingrid;

namespace {

const ListingReport kReport{
    .schema = "traingrid.test/1",
    .title = "A & B",
    .listings = {{.key = "rows",
                  .title = "all",
                  .columns = {{"name", "name"}, {"time_us", "time (us)"}, {"known", "known"}},
                  .rows = {{std::string("a_b"), 1.5, true}, {std::string("c, \"d\""), std::monostate{}, false}}}},
    .notes = {"a note"},
    .version = "1",
    .command = "traingrid test"};

}  // namespace

TEST_CASE("a listing as a table has its columns side by side, numbers to the right") {
  CHECK(write_listings(kReport, "table") ==
        "A & B\n\nall\nname    time (us)  known\na_b          1.50  yes\nc, \"d\"\n\nnotes\n  - a note\n");
}

TEST_CASE("a listing as CSV quotes what needs it and leaves unknown values empty") {
  CHECK(write_listings(kReport, "csv") == "name,time_us,known\na_b,1.5,true\n\"c, \"\"d\"\"\",,false\n");
}

TEST_CASE("a listing as JSON has an object per row, null where nothing is known") {
  const auto json = nlohmann::json::parse(write_listings(kReport, "json"));
  CHECK(json["schema"] == "traingrid.test/1");
  CHECK(json["rows"][0]["time_us"] == 1.5);
  CHECK(json["rows"][1]["time_us"].is_null());
  CHECK(json["rows"][1]["known"] == false);
  CHECK(json["provenance"]["command"] == "traingrid test");
}

TEST_CASE("a listing in Markdown and LaTeX escapes what these would misread") {
  CHECK(write_listings(kReport, "markdown").find("| a\\_b | 1.50 | yes |") != std::string::npos);
  CHECK(write_listings(kReport, "latex").find("a\\_b & 1.50 & yes") != std::string::npos);
  CHECK(write_listings(kReport, "latex").find("\\bottomrule") != std::string::npos);
}

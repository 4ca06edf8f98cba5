#include "facility/contract.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

TEST_CASE("every profile of the catalogue reads without a problem, and its numbers have a source") {
  check_catalogue_folder<Profile>("profiles", 4);
}

TEST_CASE("a contract without a profile gives its capacity at all hours, and the sun gives none of its at night") {
  CHECK(Contract{}.shares().at({}) == 1);
  Contract solar;
  solar.profile = catalogue_entry<Profile>("profiles", "solar-california");
  const auto share = [&](const char* utc) { return solar.shares().at(*parse_instant(utc)); };
  CHECK(share("2023-06-21T20:00Z") > 0.6);   // noon in California
  CHECK(share("2023-06-21T08:00Z") < 0.01);  // 1 o'clock at night
}

TEST_CASE("shares of a profile are 12 lists of 24") {
  CHECK(messages(read_text<Profile>("share: [[0.5]]\n", "profile").problems) ==
        std::vector<std::string>{"'share' is 12 lists of 24 shares"});
}

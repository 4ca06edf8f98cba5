// Which links are alike under a partition of the streams, and which kinds the members of a class cross.
#include "fold/rows.hpp"

#include "catch.hpp"
#include "fold/hand_made.hpp"

using namespace traingrid;

namespace {

using Ids = std::vector<std::int32_t>;
using Sets = std::vector<Ids>;

}  // namespace

TEST_CASE("links of one capacity that streams of the same classes cross equally often are alike, and no others") {
  const Pairs pairs({5, 5, 5, 7, 5}, {{{0}}, {{1}}, {{2}}, {{3}}});
  CHECK(rows_of(pairs.step(), {0, 0, 1, 0}, 2).class_of_link == Ids{0, 0, 1, 2, -1});
  CHECK(rows_of(pairs.step(), {0, 0, 0, 0}, 1).class_of_link == Ids{0, 0, 0, 1, -1});
}

TEST_CASE("how many streams of a class cross a link, how often, and with which share tells it from others") {
  const Pairs pairs({5, 5, 5, 5, 5}, {{{0}, {1}}, {{0}, {2, 2}}, {{3, 1, 2}}, {{4, 2, 4}}});
  CHECK(rows_of(pairs.step(), {0, 0, 0, 0}, 1).class_of_link == Ids{0, 1, 2, 3, 4});
}

TEST_CASE("the order in which streams cross a link does not matter") {
  const Pairs pairs({5, 5}, {{{0}}, {{0, 2}}, {{1, 2}}, {{1}}});
  CHECK(rows_of(pairs.step(), {0, 1, 1, 0}, 2).class_of_link == Ids{0, 0});
  CHECK(rows_of(pairs.step(), {0, 1, 0, 1}, 2).class_of_link == Ids{0, 1});
}

TEST_CASE("every set of kinds that members of a class cross is listed once, and each stream says which is its own") {
  const Pairs pairs({5, 5, 7, 7}, {{{0}, {2}}, {{1}}, {{3}, {0}}, {{1}, {1}}});
  const Rows rows = rows_of(pairs.step(), {0, 0, 0, 0}, 1);
  REQUIRE(rows.class_of_link == Ids{0, 1, 2, 2});
  CHECK(rows.crossed == std::vector<Sets>{{{0, 2}, {1}}});
  CHECK(rows.set_of_stream == Ids{0, 1, 0, 1});
}

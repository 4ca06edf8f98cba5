#include "accounting.hpp"
#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

using Messages = std::vector<std::string>;

const std::string kPriced =
    "{family: V100, release: 2018-03-27, tdp: 250 W, prices: [{date: 2017-07-01, price: 1 USD, "
    "includes_server: true}], ";

Messages messages_of(const std::string& rest) {
  return messages(read_text<Economics>(kPriced + rest + "}", "v100").problems);
}

}  // namespace

TEST_CASE("economics read prices, rents and embodied carbon") {
  const Economics read = read_text<Economics>(R"(
kind: gpu
family: V100
release: 2018-03-27
tdp: 250 W
prices:
  - {date: 2017-07-01, price: 18625 USD, includes_server: true, note: DGX-1}
cloud:
  - {date: 2018-12-30, vendor: Microsoft Azure, on_demand: 3.06 USD/h, three_year: {value: 1.16 USD/h, source: a page}}
embodied: {low: 128 kg, mid: 150 kg, high: 200 kg}
)",
                                              "v100")
                             .value;
  CHECK(read.release == on("2018-03-27"));
  CHECK(read.prices.at(0).price == 18'625 * dollar);
  CHECK(read.cloud.at(0).three_year.value() / (dollar / hour) == Approx(1.16));
  CHECK_FALSE(read.cloud.at(0).one_year);
  CHECK(*read.embodied / kilogram == Approx(150));
  CHECK(epoch_cost(read, gpt3(), epoch_2024()).total / dollar == Approx(2'088'539).epsilon(5e-6));
}

TEST_CASE("rules across the fields of economics are problems of the input") {
  CHECK(messages_of("cloud: []").empty());
  CHECK(messages_of("cloud: [{date: 2018-12-30, vendor: A}]") ==
        Messages{"a cloud price needs at least one of 'on_demand', 'one_year' and 'three_year'"});
  CHECK(
      messages(read_text<Economics>("{family: V100, release: 2018-03-27, tdp: 250 W, prices: []}", "v100").problems) ==
      Messages{"'prices' needs at least one price"});
}

TEST_CASE("a month that is none is a problem of the accounting") {
  CHECK(messages(read_text<PriceIndex>("{series: A, months: {May 2020: 113.4}}", "index").problems) ==
        Messages{"the keys of 'months' are months such as 2020-05"});
}

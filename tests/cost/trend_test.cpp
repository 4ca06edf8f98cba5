#include "cost/trend.hpp"

#include "catalogue.hpp"
#include "read_text.hpp"

#include <cmath>

using namespace traingrid;

namespace {

double factor(const std::string& trend, const std::string& basis) {
  for (const YearlyFactor& yearly : yearly_factors(catalogue_entry<Trend>("trends", trend))) {
    if (yearly.basis == basis) return yearly.factor;
  }
  throw std::logic_error("no basis " + basis);
}

std::vector<std::string> messages_of(const std::string& text) {
  return messages(read_text<Trend>("{name: t, about: a, " + text + "}", "trend").problems);
}

}  // namespace

TEST_CASE("every trend of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Trend>("trends", 6);
}

TEST_CASE("ARK's components of 2023 multiply to 77 % a year, not to the 70 % quoted with them") {
  CHECK(factor("ark-2023", "product of hardware and software") == Approx(0.43 * 0.53));
  CHECK(factor("ark-2023", "product of hardware and software") == Approx(1 - 0.772).margin(5e-4));
  CHECK(factor("ark-2023", "quoted") == Approx(0.3));
  CHECK(factor("ark-2024", "product of hardware and software") == Approx(0.249).margin(5e-4));
}

TEST_CASE("GPT-3 from 4.6 million to 450 thousand dollars in two years is 68.7 % a year, and 27 dollars in 2030") {
  CHECK(factor("ark-2023", "observed 2020 to 2022") == Approx(1 - 0.687).margin(5e-4));
  CHECK(4.6e6 * std::pow(factor("ark-2023", "quoted"), 10) == Approx(27).margin(0.5));
}

TEST_CASE("ResNet-50 became ten times cheaper every year from 2017 to 2019, and 223 times in four years") {
  CHECK(factor("resnet50", "observed 2017 to 2019") == Approx(0.1));
  CHECK(std::pow(factor("ai-index-resnet50", "observed 2017 to 2021"), -4) == Approx(223).epsilon(1e-3));
}

TEST_CASE("hardware of the same price gets 1.38 times better every year") {
  CHECK(factor("hardware-epoch", "hardware") == Approx(1 - 0.276).margin(5e-4));
  CHECK(1 / factor("hardware-epoch", "hardware") == Approx(1.38).margin(0.005));
}

TEST_CASE("the largest training, 40 million dollars in 2023, passes a billion in 2027 and keeps its intervals apart") {
  const double growth = factor("frontier", "size");
  CHECK(growth == Approx(2.4));
  CHECK(40e6 * std::pow(growth, 2027 - 2023) > 1e9);
  CHECK(40e6 * std::pow(growth, 2026 - 2023) < 1e9);
  CHECK(factor("frontier", "high (95 % interval of version 1)") == Approx(3.1));
  CHECK(factor("frontier", "high (90 % interval of version 2)") == Approx(2.9));
}

TEST_CASE("halving every 16 months makes 38 in seven years where 44 were published") {
  CHECK(std::pow(factor("alexnet-efficiency", "software"), -7) == Approx(38).margin(0.1));
  CHECK(std::pow(factor("alexnet-efficiency", "44 times in 7 years"), -7) == Approx(44).epsilon(1e-3));
}

TEST_CASE("by Wright's law every doubling takes the learning rate off") {
  CHECK(wright(2, 0.2) == Approx(0.8));
  CHECK(wright(8, 0.2) == Approx(0.8 * 0.8 * 0.8));
  CHECK(wright(1, 0.2) == Approx(1));
  const TrendComponent doubling{.learning_rate = 0.3, .yearly_growth = 1};
  CHECK(doubling.yearly_factor() == Approx(0.7));
}

TEST_CASE("a trend without anything to go by, or with too much, is a problem of its file") {
  CHECK(messages_of("observed: {}") == std::vector<std::string>{"a trend needs 'components', 'stated' or 'observed'"});
  CHECK(messages_of("observed: {2020: 4 USD}") ==
        std::vector<std::string>{"'observed' needs two years or more, such as 2020"});
  CHECK(messages_of("components: {a: {yearly_change: -0.5, powers_of_ten: -0.1}}") ==
        std::vector<std::string>{
            "a component needs exactly one of 'yearly_change', 'powers_of_ten' and 'learning_rate'"});
  CHECK(messages_of("components: {a: {learning_rate: 0.2}}") ==
        std::vector<std::string>{"'learning_rate' and 'yearly_growth' need each other"});
  CHECK(messages_of("components: {a: {yearly_change: -1}}").size() == 1);
}

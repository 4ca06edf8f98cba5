#include "cost/cost_case.hpp"

#include "accounting.hpp"
#include "catalogue.hpp"
#include "cost/cost.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

const std::vector<CostCase>& epoch_cases() {
  static const std::vector<CostCase> cases = catalogue_entry<CostCases>("cases", "epoch").cases;
  return cases;
}

/// In the dollars of December 2024, as Epoch AI publishes them.
double adjusted(Dollars amount, const CostedRun& run) {
  return index_adjusted(amount, run.dated(), on("2024-12-01"), epoch_2024().price_index).value() / dollar;
}

EpochCost cost_of_case(const std::string& name) {
  const CostCase* found = find_case(epoch_cases(), name);
  REQUIRE(found != nullptr);
  return epoch_cost(found->hardware, found->costed(epoch_2024()), epoch_2024());
}

double published_total(const std::string& name) {
  return adjusted(cost_of_case(name).total, find_case(epoch_cases(), name)->costed(epoch_2024()));
}

}  // namespace

TEST_CASE("every case and all hardware of the accountings read without a problem, and each number has a source") {
  check_catalogue_folder<CostCases>("cases", 1);
  check_catalogue_folder<Economics>("hardware", 10);
  CHECK(epoch_cases().size() > 60);
}

TEST_CASE("the cases of the catalogue cost what Epoch AI published, to five digits") {
  const auto is = [](double value) { return Approx(value).epsilon(5e-6); };
  CHECK(published_total("GPT-3") == is(2'198'104.57));
  CHECK(published_total("GPT-4") == is(40'695'706.4));
  CHECK(published_total("Gemini Ultra") == is(28'309'604.0));
  CHECK(published_total("Llama 3.1 405B") == is(51'040'524.1));
  CHECK(published_total("PaLM 540B") == is(2'864'192.46));
  CHECK(published_total("OPT-175B") == is(733'634.64));
  CHECK(published_total("BLOOM") == is(995'819.12));
  CHECK(published_total("LLaMA-65B") == is(578'026.30));
  CHECK(published_total("MT-NLG 530B") == is(3'714'250.0));
  CHECK(published_total("Falcon-180B") == is(10'368'712.4));
  CHECK(published_total("Claude 3 Opus") == is(16'509'311.0));
}

TEST_CASE("Grok-3 costs in the dollars of its day what Epoch AI's rules give; its published index is another's") {
  CHECK(cost_of_case("Grok-3").total / dollar == Approx(301'454'771).epsilon(5e-6));
  CHECK(cost_of_case("Grok-3").upfront / dollar == Approx(5'492'577'778).epsilon(5e-6));
}

TEST_CASE("names are the same whatever their case, spaces and signs") {
  CHECK(same_name("GPT-4", "gpt 4"));
  CHECK_FALSE(same_name("GPT-4", "GPT-4 Turbo"));
  CHECK(find_case(epoch_cases(), "gemini ultra") == find_case(epoch_cases(), "Gemini 1.0 Ultra"));
  CHECK(find_case(epoch_cases(), "no such model") == nullptr);
}

TEST_CASE("without accelerators nothing was bought upfront that is known, and the start must be stated") {
  const CostCase* unknown = find_case(epoch_cases(), "Claude 3 Opus");
  REQUIRE(unknown != nullptr);
  CHECK(cost_of_case("Claude 3 Opus").upfront == Dollars{});
  const auto read = read_text<CostCase>(
      "{name: a, hardware: {family: A, release: 2020-01-01, tdp: 1 W, prices: [{date: 2020-01-01, price: 1 USD, "
      "includes_server: true}]}, publication: 2021-01-01, organisation: b, accelerator_hours: 1 h}",
      "case");
  CHECK(messages(read.problems) == std::vector<std::string>{"without 'accelerators' the start of training is needed"});
}

TEST_CASE("an unknown start is publication less training time and 60 days") {
  CostCase one = *find_case(epoch_cases(), "BLOOM");
  one.start.reset();
  CHECK(one.costed(epoch_2024()).start == on("2022-01-15"));
}

#include "cost/comparison.hpp"

#include "accounting.hpp"
#include "catalogue.hpp"

using namespace traingrid;

namespace {

struct Compared {
  Economics hardware = v100();
  CostedRun run = gpt3();
  Ownership ownership = catalogue_entry<Ownership>("ownership", "own-datacentre");
  CostInputs inputs{hardware, run, epoch_2024(), &ownership};
  CostResult cost;

  Compared() {
    run.metered = Metered{.it_peak = 330 * watt, .busy = 363 * watt, .idle = 120 * watt};
    cost = cost_of(inputs);
  }
};

}  // namespace

TEST_CASE("the shares of each accounting add up to its total") {
  const Compared compared;
  for (const std::string_view accounting : {"epoch", "tco"}) {
    Dollars parts, total;
    for (const CostShare& share : cost_shares(compared.inputs, compared.cost)) {
      if (share.accounting != accounting || !share.share) continue;
      (share.part == "total" ? total : parts) += share.amount;
    }
    CHECK(parts / dollar == Approx(total / dollar));
    CHECK(total > Dollars{});
  }
}

TEST_CASE("Epoch AI's hardware is split into accelerators and the rest of their servers") {
  const Compared compared;
  const auto shares = cost_shares(compared.inputs, compared.cost);
  CHECK((shares[0].amount + shares[1].amount) / dollar == Approx(1'616'754).epsilon(5e-6));
  CHECK((shares[0].amount + shares[1].amount) / shares[0].amount == Approx(1.69));
}

TEST_CASE(
    "every dated price of every term is a rental, in order of dates, with the use from which on owning is cheaper") {
  const Compared compared;
  const auto list = rentals(compared.inputs, compared.cost);
  REQUIRE(list.size() == 9);
  for (std::size_t i = 1; i < list.size(); ++i) CHECK(list[i - 1].date <= list[i].date);
  CHECK(list[5].vendor == "Microsoft Azure");
  CHECK(list[5].term == "3 years");
  CHECK(list[5].total / dollar == Approx(4'120'320));
  for (const Rental& rental : list) {
    const double use = rental.break_even.value();
    CHECK(hourly_cost(compared.cost.tco->unit, compared.ownership, use) / rental.price == Approx(1));
  }
}

TEST_CASE("owning costs less by the hour the more it is used") {
  const Compared compared;
  const auto uses = costs_by_use(compared.inputs, compared.cost);
  REQUIRE(uses.size() == 10);
  for (std::size_t i = 1; i < uses.size(); ++i) CHECK(uses[i].price < uses[i - 1].price);
  CHECK(uses.back().utilisation == Approx(1));
}

TEST_CASE("in another year every accounting changes by the trend, in its own year by nothing") {
  const Compared compared;
  const std::vector<Trend> trends{catalogue_entry<Trend>("trends", "ark-2023")};
  const auto later = project(compared.cost, 2022, trends);
  REQUIRE(later.size() == 3);
  CHECK(*later[2].cloud / *compared.cost.cloud == Approx(0.09));
  CHECK(*later[2].tco / compared.cost.tco->total == Approx(0.09));
  CHECK(*project(compared.cost, 2020, trends)[0].epoch == compared.cost.epoch->total);
}

TEST_CASE("a development is its computing, experiments included, and its people, and only where they are counted") {
  Compared compared;
  CHECK_FALSE(compared.cost.development);
  compared.run.contributors = 31;
  EpochAccounting rules = epoch_2024();
  rules.development = {.computing = 2.2, .time_each = year / 2, .yearly_pay = 700'000 * dollar};
  const CostInputs inputs{compared.hardware, compared.run, rules, &compared.ownership};
  const CostResult cost = cost_of(inputs);
  CHECK(cost.development->total / dollar == Approx(2.2 * (cost.epoch->total / dollar) + 15.5 * 700'000));
  double shares = 0;
  for (const CostShare& share : cost_shares(inputs, cost))
    if (share.accounting == "development" && share.part != "total" && share.share) shares += *share.share;
  CHECK(shares == Approx(1));
}

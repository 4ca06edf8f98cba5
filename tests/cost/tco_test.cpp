#include "cost/tco.hpp"

#include "accounting.hpp"
#include "catalogue.hpp"
#include "cost/cost.hpp"

using namespace traingrid;

namespace {

constexpr Watts kilowatt = 1000 * watt, gigawatt = 1000 * megawatt;
constexpr double kThreeDigits = 0.001;

EnergyPrice per_kwh(double dollars) { return dollars * dollar / kilowatt_hour; }

double billions(Dollars amount) { return amount / (1e9 * dollar); }

/// Epoch AI's data centre of 1 GW as one unit.
OwnedUnit gigawatt_datacentre() {
  return {.servers = 0.81 * 25.6e9 * dollar,
          .network = 0.19 * 25.6e9 * dollar,
          .power = {gigawatt, gigawatt, gigawatt},
          .electricity = 0.6e9 * dollar / (gigawatt * year)};
}

Ownership gigawatt_owner(double server_years) {
  auto owner = catalogue_entry<Ownership>("ownership", "own-datacentre");
  owner.servers.life = server_years * year;
  return owner;
}

OwnedUnit rented_space_h100(const Ownership& owner) {
  return {.servers = *owner.server_price,
          .network = *owner.server_price * (0.19 / 0.81),
          .power = *owner.power,
          .electricity = *owner.electricity};
}

CostedRun metered_gpt3() {
  CostedRun run = gpt3();
  run.tokens = 300e9;
  run.metered = Metered{.it_peak = 330 * watt, .busy = 363 * watt, .idle = 120 * watt, .electricity = per_kwh(0.07)};
  return run;
}

TcoCost tco_of(const CostedRun& run, const Ownership& owner) {
  const Economics hardware = v100();
  return cost_of({hardware, run, epoch_2024(), &owner}).tco.value();
}

}  // namespace

TEST_CASE("every ownership of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Ownership>("ownership", 2);
}

TEST_CASE("annuities at 7 % are those of the textbook, and without interest the price is spread evenly") {
  const auto annuity = [](double years) { return AssetRule{years * year}.yearly_share(0.07); };
  CHECK(annuity(3) == Approx(0.38105).epsilon(2e-5));
  CHECK(annuity(5) == Approx(0.24389).epsilon(2e-5));
  CHECK(annuity(7) == Approx(0.18555).epsilon(2e-5));
  CHECK(annuity(14) == Approx(0.11434).epsilon(5e-5));
  CHECK(AssetRule{4 * year}.yearly_share(0) == Approx(0.25));
}

TEST_CASE("what an asset still fetches at the end of its life lowers its yearly cost by its value today") {
  CHECK(AssetRule{4 * year, 0.2}.yearly_share(0) == Approx(0.2));
  const AssetRule whole{5 * year}, sold{5 * year, 0.3};
  CHECK(sold.yearly_share(0.07) == Approx(whole.yearly_share(0.07) * (1 - 0.3 / std::pow(1.07, 5))));
  CHECK(AssetRule{5 * year, 1}.yearly_share(0.07) == Approx(0.07));  // only the interest
}

TEST_CASE(
    "Epoch AI's data centre of 1 GW costs 8.56 billion dollars a year, 12.07 with servers of 3 years, 7.07 of 7") {
  const auto yearly = [](double years) {
    return billions(yearly_cost(gigawatt_datacentre(), gigawatt_owner(years), 1).total());
  };
  CHECK(yearly(5) == Approx(8.56).epsilon(kThreeDigits));
  CHECK(yearly(3) == Approx(12.07).epsilon(kThreeDigits));
  CHECK(yearly(7) == Approx(7.07).epsilon(kThreeDigits));
  const TcoParts parts = yearly_cost(gigawatt_datacentre(), gigawatt_owner(5), 1);
  CHECK(billions(parts.electricity) == Approx(0.6));
  CHECK(billions(parts.electricity + parts.operation) == Approx(0.9));
}

TEST_CASE("an H100 in rented space costs 1.95 dollars an hour in full use and 9.48 at a fifth of it") {
  const auto owner = catalogue_entry<Ownership>("ownership", "mid-size-colocation");
  const OwnedUnit unit = rented_space_h100(owner);
  CHECK((unit.servers + unit.network) / dollar == Approx(41'667).epsilon(1e-4));
  const auto price = [&](double utilisation) { return hourly_cost(unit, owner, utilisation) / (dollar / hour); };
  CHECK(price(1) == Approx(1.95).margin(0.005));
  CHECK(price(0.8) == Approx(2.42).margin(0.005));
  CHECK(price(0.6) == Approx(3.20).margin(0.005));
  CHECK(price(0.4) == Approx(4.77).margin(0.005));
  CHECK(price(0.2) == Approx(9.48).margin(0.005));
}

TEST_CASE("buying an H100 pays from 64 % of use on against 2.99 dollars an hour, from 15 % against 12.29") {
  const auto owner = catalogue_entry<Ownership>("ownership", "mid-size-colocation");
  const OwnedUnit unit = rented_space_h100(owner);
  const auto percent = [&](double rent) { return 100 * break_even(unit, owner, hourly(rent)).value(); };
  CHECK(percent(2.99) == Approx(64).margin(0.5));
  CHECK(percent(3.29) == Approx(58).margin(0.5));
  CHECK(percent(4.86) == Approx(39).margin(0.5));
  CHECK(percent(12.29) == Approx(15).margin(0.5));
  CHECK(percent(1.5) > 100);
  CHECK_FALSE(break_even(unit, owner, hourly(0.05)));
}

TEST_CASE("at the break-even use, an hour costs the rent") {
  const auto owner = catalogue_entry<Ownership>("ownership", "mid-size-colocation");
  const OwnedUnit unit = rented_space_h100(owner);
  for (const double rent : {2.5, 4.0, 8.0}) {
    const double use = break_even(unit, owner, hourly(rent)).value();
    CHECK(hourly_cost(unit, owner, use) / (dollar / hour) == Approx(rent));
  }
}

TEST_CASE("a run pays for its share of the year, for idle time as well, and its parts add up") {
  Ownership owner = gigawatt_owner(5);
  const TcoCost cost = tco_of(metered_gpt3(), owner);
  CHECK(cost.parts.total() / dollar == Approx(cost.total / dollar));
  CHECK(cost.per_accelerator_hour * (3'552'000 * hour) / dollar == Approx(cost.total / dollar));
  CHECK(cost.per_million_tokens.value() * 300e3 / dollar == Approx(cost.total / dollar));
  CHECK(cost.parts.electricity / dollar == Approx(0.363 * 3'552'000 * 0.07));
  owner.utilisation = 0.5;
  const TcoCost half = tco_of(metered_gpt3(), owner);
  CHECK(half.parts.servers / cost.parts.servers == Approx(2));
  CHECK(half.parts.electricity / cost.parts.electricity == Approx((363.0 + 120) / 363));
}

TEST_CASE(
    "an owner pays what the site's meter cost: demand charge, water and CO2 too, and a landlord's price instead") {
  Ownership owner = gigawatt_owner(5);
  CostedRun run = metered_gpt3();
  run.metered->demand_per_year = 120 * dollar / kilowatt;
  run.metered->water = per_kwh(0.001);
  run.metered->carbon = per_kwh(0.04);
  const double kwh = 0.363 * 3'552'000;
  const TcoCost cost = tco_of(run, owner);
  CHECK(cost.parts.demand / dollar == Approx(120 * 0.363 * 3'552'000 / 8766));
  CHECK(cost.parts.electricity / dollar == Approx(0.07 * kwh));
  CHECK(cost.parts.water / dollar == Approx(0.001 * kwh));
  CHECK(cost.parts.carbon / dollar == Approx(0.04 * kwh));
  owner.electricity = per_kwh(0.09);
  CHECK(tco_of(run, owner).parts.electricity / dollar == Approx(0.09 * kwh));
  owner.utilisation = 0.5;
  CHECK(tco_of(run, owner).parts.demand / cost.parts.demand == Approx(2));  // of every month, used or not
}

TEST_CASE("time that was lost is paid for, and makes the useful hour dearer") {
  CostedRun run = metered_gpt3();
  const TcoCost whole = tco_of(run, gigawatt_owner(5));
  run.metered->goodput = 0.8;
  const TcoCost lossy = tco_of(run, gigawatt_owner(5));
  CHECK(lossy.total / whole.total == Approx(1));
  CHECK(lossy.downtime / lossy.total == Approx(0.2));
  CHECK(lossy.per_accelerator_hour / whole.per_accelerator_hour == Approx(1.25));
}

TEST_CASE(
    "the price of the day is the last of a whole server, else the first, else a bare accelerator's with its share") {
  const Economics hardware = v100();
  CHECK(server_price_on(hardware, on("2019-10-01"), epoch_2024()) == 18'625 * dollar);
  CHECK(server_price_on(hardware, on("2016-01-01"), epoch_2024()) == 18'625 * dollar);
  Economics later = hardware;
  later.prices.push_back({on("2019-01-11"), 19'928 * dollar, true});
  CHECK(server_price_on(later, on("2019-10-01"), epoch_2024()) == 19'928 * dollar);
  CHECK(server_price_on(later, on("2018-10-01"), epoch_2024()) == 18'625 * dollar);
  Economics bare = hardware;
  bare.prices.pop_back();
  CHECK(server_price_on(bare, on("2019-10-01"), epoch_2024()) / dollar == Approx(1.69 * 11'458));
}

TEST_CASE("without metered power there is no cost of ownership") {
  const Economics hardware = v100();
  const Ownership owner = gigawatt_owner(5);
  CHECK_FALSE(cost_of({hardware, gpt3(), epoch_2024(), &owner}).tco);
}

#include "facility/heat_reuse.hpp"

#include "catch.hpp"
#include "facility/site.hpp"
#include "read_text.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

Site warm_site() {
  Site site{.pue = 1.2, .grid = {.intensity = 0.057 * kilogram / kilowatt_hour}};
  site.heat_reuse = HeatReuse{.use = "heats offices", .captured = 0.8, .exchanger = 0.9, .demand = 0.5 * megawatt};
  return site;
}

}  // namespace

TEST_CASE("what neighbours take is what the loop holds or what they want, whichever is less") {
  Site site = warm_site();
  const auto reused = [&] { return reuse_of(energy_of(flat(1 * megawatt, 10 * hour), site), site)->reused; };
  CHECK(reused() / megawatt_hour == Approx(5));
  site.heat_reuse->demand = 2 * megawatt;
  CHECK(reused() / megawatt_hour == Approx(7.2));
}

TEST_CASE("Jean Zay's 4,000 of 17,000 MWh a year give an ERF of 0.235 and an ERE of 0.918") {
  Site site = warm_site();
  const Watts facility = 17'000 * megawatt_hour / (8760 * hour);
  site.heat_reuse->demand = 4'000 * megawatt_hour / (8760 * hour);
  const EnergyResult energy = energy_of(flat(facility / 1.2, 8760 * hour), site);
  const ReuseResult reuse = *reuse_of(energy, site);
  CHECK(energy.facility / megawatt_hour == Approx(17'000));
  CHECK(reuse.erf == Approx(0.2353).epsilon(1e-3));
  CHECK(reuse.ere == Approx(0.918).epsilon(1e-3));
  CHECK(reuse.ere == Approx((1 - reuse.erf) * energy.pue));
}

TEST_CASE("ERE is at most PUE, and demand follows the months") {
  Site site = warm_site();
  site.heat_reuse->demand_by_month = {1, 1, 0.8, 0.5, 0.2, 0, 0, 0, 0.2, 0.5, 0.8, 1};
  const auto reuse = [&](const char* day_of) {
    const EnergyResult energy = energy_of(flat(1 * megawatt, 2 * day), site, midnight(*parse_date(day_of)));
    const ReuseResult result = *reuse_of(energy, site);
    CHECK(result.ere <= energy.pue);
    return result.reused;
  };
  CHECK(reuse("2023-01-10") / megawatt_hour == Approx(24));
  CHECK(reuse("2023-07-10") == Joules{});
  CHECK(reuse("2023-01-31") / megawatt_hour == Approx(24));
  CHECK(reuse("2023-05-31") / megawatt_hour == Approx(0.2 * 12));
}

TEST_CASE("avoided emissions are those of the heat displaced, less those of a heat pump") {
  Site site = warm_site();
  site.heat_reuse->displaced = 0.2 * kilogram / kilowatt_hour;
  const auto avoided = [&] { return *reuse_of(energy_of(flat(1 * megawatt, 10 * hour), site), site)->avoided; };
  CHECK(avoided() / kilogram == Approx(5000 * 0.2));
  site.heat_reuse->heat_pump_cop = 4;
  CHECK(avoided() / kilogram == Approx(5000 * (0.2 - 0.057 / 4)));
}

TEST_CASE("a site that says only where its heat goes has nothing computed, and a loop too cold needs a pump") {
  Site site = warm_site();
  site.heat_reuse = HeatReuse{.use = "heats a pool"};
  CHECK_FALSE(reuse_of(energy_of(flat(1 * megawatt, hour), site), site));
  CHECK(messages(read_text<HeatReuse>("use: heats a pool\nreturn: 36 °C\nnetwork: 60 °C\n", "heat_reuse").problems) ==
        std::vector<std::string>{
            "the loop returns colder than the network needs; state 'heat_pump_cop', or a colder network"});
  CHECK(messages(read_text<HeatReuse>("use: heats a pool\ncaptured: 0.5\n", "heat_reuse").problems) ==
        std::vector<std::string>{"'captured' and 'demand' are stated together"});
}

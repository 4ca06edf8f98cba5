#include "campaign/replay.hpp"
#include "catch.hpp"
#include "facility/carbon.hpp"
#include "facility/energy.hpp"
#include "facility/plant.hpp"
#include "facility/water.hpp"

using namespace traingrid;

namespace {

const Site kUsAverage{.name = "US average", .pue = 1.10, .grid = {.intensity = 0.429 * kilogram / kilowatt_hour}};

/// Patterson et al. 2021, Table 4.
Published gpt3() {
  return {.training_flop = 3.14e23 * flop,
          .accelerators = 10'000,
          .flops_per_accelerator = 24.6 * teraflop / second,
          .power_per_accelerator = 330 * watt,
          .power_includes_hosts = true};
}

/// Two hours at 1 MW, one hour at 4 MW with peaks of 5 MW.
Timeline two_phases() {
  return {.segments = {{.duration = 2 * hour,
                        .mean = {.accelerators = 0.8 * megawatt, .hosts = 0.2 * megawatt},
                        .peak = 1 * megawatt},
                       {.duration = 1 * hour,
                        .mean = {.accelerators = 3 * megawatt, .network = 1 * megawatt},
                        .peak = 5 * megawatt}}};
}

}  // namespace

TEST_CASE("GPT-3 replayed at the US average takes 1,287.06 MWh and emits 552.15 t") {
  const EnergyResult energy = energy_of(replay(gpt3(), {}), kUsAverage);
  CHECK(energy.it / megawatt_hour == Approx(1170.05).epsilon(5e-6));
  CHECK(energy.facility / megawatt_hour == Approx(1287.06).epsilon(5e-6));
  CHECK(carbon_of(energy, kUsAverage, std::nullopt).location / tonne == Approx(552.15).epsilon(5e-6));
}

TEST_CASE("Li et al.'s boundary gives 708 m3 on site and 5,439 m3 in all") {
  const Site site{
      .pue = 1.17, .wue = 0.55 * litre / kilowatt_hour, .grid = {.water_intensity = 3.142 * litre / kilowatt_hour}};
  Published published = gpt3();
  published.power_per_accelerator.reset();
  published.power_includes_hosts = false;
  published.it_energy = 1287 * megawatt_hour;
  const WaterResult water = water_of(energy_of(replay(published, {}), site), site);
  CHECK(water.onsite.value() / cubic_metre == Approx(707.85));
  CHECK((*water.onsite + water.offsite.value()) / cubic_metre == Approx(5439).epsilon(1e-4));
  CHECK(water.wue == site.wue);
}

TEST_CASE("BLOOM's dynamic energy with the PUE and grid of Jean Zay emits 30 t") {
  const Site site{.pue = 1.2, .grid = {.intensity = 0.057 * kilogram / kilowatt_hour}};
  const Published published{.accelerators = 384, .duration = 118.24 * day, .it_energy = 433.196 * megawatt_hour};
  const EnergyResult energy = energy_of(replay(published, {}), site);
  CHECK(energy.facility / megawatt_hour == Approx(519.835).epsilon(1e-5));
  CHECK(carbon_of(energy, site, std::nullopt).location / tonne == Approx(29.63).epsilon(1e-4));
}

TEST_CASE("energy is the integral of power, by part and in all") {
  const EnergyResult energy = energy_of(two_phases(), kUsAverage);
  CHECK(energy.it / megawatt_hour == Approx(6));
  CHECK(energy.it_parts.accelerators / megawatt_hour == Approx(4.6));
  CHECK(energy.it_parts.hosts / megawatt_hour == Approx(0.4));
  CHECK(energy.it_parts.network / megawatt_hour == Approx(1));
  CHECK(energy.mean_it / megawatt == Approx(2));
  CHECK(energy.peak_it / megawatt == Approx(5));
  CHECK(energy.peak_facility / megawatt == Approx(5.5));
}

TEST_CASE("the facility's energy is that of its parts, and at least that of the IT") {
  Site site = kUsAverage;
  for (const double pue : {1.0, 1.1, 1.6}) {
    site.pue = pue;
    CHECK(constant_overhead(site, 3 * megawatt).total() >= Watts{});
    const EnergyResult energy = energy_of(two_phases(), site);
    CHECK(energy.pue == Approx(pue));
    CHECK((energy.it + energy.conversion + energy.cooling + energy.other) / energy.facility == Approx(1));
  }
}

TEST_CASE("a timeline without power or time divides by nothing") {
  const EnergyResult energy = energy_of({}, kUsAverage);
  CHECK(energy.facility == Joules{});
  CHECK(energy.mean_it == Watts{});
  CHECK(energy.pue == *kUsAverage.pue);
}

TEST_CASE("market-based carbon and water are given only where the site states what they need") {
  const EnergyResult energy = energy_of(two_phases(), kUsAverage);
  CHECK_FALSE(carbon_of(energy, kUsAverage, std::nullopt).market);
  CHECK_FALSE(carbon_of(energy, kUsAverage, std::nullopt).embodied);
  CHECK_FALSE(water_of(energy, kUsAverage).onsite);
  CHECK_FALSE(water_of(energy, kUsAverage).offsite);
  Site contracted = kUsAverage;
  contracted.grid.market_intensity = CarbonIntensity{};
  CHECK(carbon_of(energy, contracted, 2 * tonne).market == Kilograms{});
  CHECK(carbon_of(energy, contracted, 2 * tonne).embodied == 2 * tonne);
}

TEST_CASE("GPT-3 takes 15.2 t of the making of its accelerators and 31.6 t of that of its servers") {
  const Seconds duration = replay(gpt3(), {}).duration();
  const double share = HardwareUse{duration, 4 * year, 1}.share();
  const Kilograms chips = share * (10'000 * (150 * kilogram)), servers = share * (1'250 * (2'500 * kilogram));
  CHECK(chips / tonne == Approx(15.17).epsilon(1e-3));
  CHECK(servers / tonne == Approx(31.6).epsilon(1e-3));
}

TEST_CASE("hardware that stands idle half its life is charged twice to what runs on it") {
  CHECK(HardwareUse{day, 4 * year, 0.5}.share() / HardwareUse{day, 4 * year, 1}.share() == Approx(2));
}

TEST_CASE("heat reuse is noted, and nothing is noted of a site without it") {
  Site site = kUsAverage;
  CHECK(notes_on(site).empty());
  site.heat_reuse = HeatReuse{.use = "heats a swimming pool", .share = 0.235};
  CHECK(notes_on(site) == std::vector<std::string>{"heat of US average is reused: heats a swimming pool (23.5 % of the "
                                                   "facility's energy); this is not credited in energy, carbon or "
                                                   "water"});
}

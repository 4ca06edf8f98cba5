#include "facility/cooling.hpp"

#include "catch.hpp"
#include "facility/plant.hpp"
#include "read_text.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

constexpr Watts kDesign = 10 * megawatt;

Air air_at(double dry, double relative) {
  return air_of_humidity({dry}, relative, pressure_at(100), WetBulb::iterative);
}

const Cooling& plant_named(const std::string& name) {
  static std::map<std::string, Cooling> plants;
  if (!plants.contains(name)) plants.emplace(name, catalogue_entry<Cooling>("plants", name));
  return plants.at(name);
}

HeatLoad load_of(double share) { return {kDesign, share * kDesign, 0.04 * share * kDesign, 0.007 * kDesign}; }

}  // namespace

TEST_CASE("every plant of the catalogue reads without a problem, and its numbers have a source") {
  check_catalogue_folder<Cooling>("plants", 4);
}

TEST_CASE("every plant of the table is in the catalogue, and takes power at any load and weather") {
  for (const CoolingPlant& plant : kCoolingPlants) {
    CHECK_FALSE(plant.summary.empty());
    const Cooling& cooling = plant_named(std::string(plant.name));
    CHECK(cooling.plant == plant.name);
    for (const double share : {0.05, 0.3, 1.0}) {
      for (const double dry : {-25.0, 0.0, 15.0, 33.0, 42.0}) {
        for (const double relative : {0.1, 0.6, 1.0}) {
          INFO(plant.name << " at " << share << ", " << dry << " °C, " << relative);
          const Cooled cooled = cool(cooling, load_of(share), air_at(dry, relative));
          CHECK(cooled.power > Watts{});
          CHECK(cooled.power < 2 * share * kDesign + kDesign * 0.1);
          CHECK(cooled.water >= cooled.evaporated);
        }
      }
    }
  }
}

TEST_CASE("cooling takes no less power when the air is hotter and as dry, or as hot and more humid") {
  for (const CoolingPlant& plant : kCoolingPlants) {
    const Cooling& cooling = plant_named(std::string(plant.name));
    Watts before;
    for (double wet = -12; wet <= 26; wet += 0.5) {
      INFO(plant.name << " at a wet bulb of " << wet);
      const Watts power = cool(cooling, load_of(1), air_of_wet_bulb({wet + 4}, {wet}, pressure_at(100))).power;
      CHECK(power >= before * (1 - 1e-9));
      before = power;
    }
  }
}

TEST_CASE("a plant that is nearly empty takes more per IT power than a full one") {
  Site site = site_of("leesburg", "chilled-water");
  const auto pue = [&](double share, const Air& air) {
    return plant_overhead(site, share * kDesign, kDesign, air).total() / (share * kDesign);
  };
  for (const CoolingPlant& plant : kCoolingPlants) {
    INFO(plant.name);
    site.cooling = plant_named(std::string(plant.name));
    for (const Air& air : {air_at(20, 0.5), air_at(32, 0.7)}) {
      CHECK(pue(0.05, air) > pue(0.1, air));
      CHECK(pue(0.1, air) > pue(0.3, air));
      CHECK(pue(0.05, air) > pue(1, air));
    }
  }
  // At a third of the load fans and pumps save with the cube of their speed what chillers and services lose: liquid
  // loses anyway, chilled water where chillers run all year.
  site.cooling = plant_named("direct-to-chip");
  CHECK(pue(0.3, air_at(20, 0.5)) > pue(1, air_at(20, 0.5)));
  site.cooling = plant_named("chilled-water");
  CHECK(pue(0.3, air_at(28, 0.8)) > pue(1, air_at(28, 0.8)));
}

TEST_CASE("Li et al. 2023's polynomial gives the values of its code, and says that it is beyond physics") {
  const Cooling& cooling = plant_named("chilled-water-li2023");
  const auto litres = [&](double fahrenheit) {
    return cooling.li2023->at({(fahrenheit - 32) / 1.8}) / (litre / kilowatt_hour);
  };
  CHECK(litres(40) == Approx(2.208));
  CHECK(litres(50) == Approx(3.120));
  CHECK(litres(60) == Approx(3.792));
  CHECK(litres(70) == Approx(4.656));
  CHECK(litres(80) == Approx(6.144));
  CHECK(litres(10) == Approx(0.05));
  REQUIRE(notes_on(cooling).size() == 1);
  CHECK(notes_on(plant_named("chilled-water")).empty());
}

TEST_CASE("outside air takes water only when it is warmer than the supply, and none when rooms are closed") {
  const Cooling& cooling = plant_named("outside-air");
  CHECK(cool(cooling, load_of(1), air_at(26, 0.4)).water == VolumeFlow{});
  CHECK(cool(cooling, load_of(1), air_at(33, 0.2)).water > VolumeFlow{});
  const Cooled closed = cool(cooling, load_of(1), air_at(33, 0.7));
  CHECK(closed.water == VolumeFlow{});
  CHECK_FALSE(closed.free);
}

TEST_CASE("pads of a dry cooler are wetted above the air of its design only") {
  const Cooling& cooling = plant_named("direct-to-chip");
  CHECK(cool_with(*cooling.direct_to_chip, load_of(1), air_at(35, 0.3)).water == VolumeFlow{});
  CHECK(cool_with(*cooling.direct_to_chip, load_of(1), air_at(36, 0.3)).water > VolumeFlow{});
}

TEST_CASE("a plant that is none, and one without its parts, are problems") {
  CHECK(messages(read_text<Cooling>("plant: swamp\n", "plant").problems) ==
        std::vector<std::string>{"'plant' must be one of chilled-water, direct-to-chip, outside-air, not 'swamp'"});
  CHECK(messages(read_text<Cooling>("plant: outside-air\n", "plant").problems) ==
        std::vector<std::string>{"this plant needs the mapping 'outside_air'"});
  CHECK(messages(read_text<Cooling>("plant: direct-to-chip\n", "plant").problems) ==
        std::vector<std::string>{"a direct-to-chip plant needs an 'air_plant' for what the liquid does not take"});
}

#include "facility/cooling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace traingrid {
namespace {

std::vector<std::string> names_of_plants() {
  std::vector<std::string> names;
  for (const CoolingPlant& plant : kCoolingPlants) names.emplace_back(plant.name);
  return names;
}

const CoolingPlant& find_plant(std::string_view name) {
  const auto* found = std::ranges::find(kCoolingPlants, name, &CoolingPlant::name);
  if (found == kCoolingPlants.end()) throw std::logic_error("a plant that was not checked");
  return *found;
}

}  // namespace

void WaterPolynomial::describe(Fields& fields) {
  fields.required("l_per_kwh", l_per_kwh, "coefficients of the wet bulb in °F, the constant first");
  fields.required("cycles", cycles, "cycles of concentration",
                  Range{.low = 1, .low_excluded = true, .text = "above 1"});
  fields.required("least", least, "water at least, per IT energy", non_negative);
}

WaterIntensity WaterPolynomial::at(Temperature wet_bulb) const {
  const double fahrenheit = 32 + 1.8 * wet_bulb.celsius;
  double sum = 0;
  for (auto coefficient = l_per_kwh.rbegin(); coefficient != l_per_kwh.rend(); ++coefficient)
    sum = sum * fahrenheit + *coefficient;
  return std::max(least, cycles / (cycles - 1) * sum * (litre / kilowatt_hour));
}

void Cooling::describe(Fields& fields) {
  fields.optional("name", name, "which plant this is, in words");
  fields.required("plant", plant, "how heat is carried away");
  fields.optional("air_plant", air_plant, "what cools the rest of a direct-to-chip plant");
  fields.optional("chilled_water", chilled_water, "air handlers, chiller, tower and economiser");
  fields.optional("direct_to_chip", direct_to_chip, "liquid loop and dry cooler");
  fields.optional("outside_air", outside_air, "outside air with direct evaporation");
  fields.optional("li2023", li2023, "Li et al. 2023's water by wet bulb, instead of the plant's own; beyond physics");
  const auto known = names_of_plants();
  const auto is_known = [&](const std::string& name_of) { return std::ranges::find(known, name_of) != known.end(); };
  const auto uses = [&](std::string_view of) { return plant == of || (plant == "direct-to-chip" && air_plant == of); };
  fields.check("plant", is_known(plant),
               fmt::format("'plant' must be one of {}, not '{}'", fmt::join(known, ", "), plant));
  fields.check("plant", plant != "direct-to-chip" || (is_known(air_plant) && air_plant != plant),
               "a direct-to-chip plant needs an 'air_plant' for what the liquid does not take");
  fields.check("air_plant", air_plant.empty() || plant == "direct-to-chip",
               "'air_plant' is of direct-to-chip plants only");
  fields.check("plant", !uses("chilled-water") || chilled_water, "this plant needs the mapping 'chilled_water'");
  fields.check("plant", !uses("direct-to-chip") || direct_to_chip, "this plant needs the mapping 'direct_to_chip'");
  fields.check("plant", !uses("outside-air") || outside_air, "this plant needs the mapping 'outside_air'");
}

Cooled cool_by_chilled_water(const Cooling& cooling, const HeatLoad& load, const Air& air) {
  return cool_with(*cooling.chilled_water, load, air);
}

Cooled cool_by_direct_to_chip(const Cooling& cooling, const HeatLoad& load, const Air& air) {
  const DirectToChip& liquid = *cooling.direct_to_chip;
  return cool_with(liquid, load, air) +
         find_plant(cooling.air_plant).cool(cooling, load.share(1 - liquid.liquid_fraction), air);
}

Cooled cool_by_outside_air(const Cooling& cooling, const HeatLoad& load, const Air& air) {
  return cool_with(*cooling.outside_air, load, air);
}

Cooled cool(const Cooling& cooling, const HeatLoad& load, const Air& air) {
  Cooled cooled = find_plant(cooling.plant).cool(cooling, load, air);
  if (cooling.li2023) cooled.water = load.it * cooling.li2023->at(air.wet_bulb);
  return cooled;
}

std::vector<std::string> notes_on(const Cooling& cooling) {
  if (!cooling.li2023) return {};
  return {
      "water on site is by Li et al. 2023's polynomial, which is 1.5 to 2.5 times what heat can evaporate and far "
      "above "
      "what operators report; it serves to reproduce figures that were computed with it"};
}

}  // namespace traingrid

#include "facility/direct_to_chip.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
void DirectToChip::describe(Fields& fields) {
  fields.required("liquid_fraction", liquid_fraction, "share of the IT heat that goes into the liquid", fraction);
  fields.required("supply", supply, "liquid to the racks");
  fields.required("rise_k", rise_k, "kelvin that the liquid warms in the racks", positive);
  fields.required("pump", pump, "power of the distribution units per IT power", fraction);
  fields.required("fan", fan, "power of the dry cooler's fans at full speed, per design IT power", fraction);
  fields.required("design_air", design_air,
                  "outside air at which the fans run at full speed; above it, pads are wetted");
  fields.required("least_difference_k", least_difference_k, "kelvin between returning liquid and air, at least",
                  positive);
  fields.required("pad_difference_k", pad_difference_k, "kelvin that air warms in the cooler, at least", positive);
  fields.required("effectiveness", effectiveness, "of the pads: share of the way from dry to wet bulb", fraction);
  fields.required("cycles", cycles, "cycles of concentration of the water on the pads",
                  Range{.low = 1, .low_excluded = true, .text = "above 1"});
  fields.check("design_air", design_air < back(), "the returning liquid is warmer than the air of the design");
}

Cooled cool_with(const DirectToChip& plant, const HeatLoad& load, const Air& air) {
  const Watts heat = plant.liquid_fraction * load.it;
  Temperature in = air.dry_bulb;
  Cooled cooled{.free = true};
  if (air.dry_bulb > plant.design_air) {
    const double cooled_by = plant.effectiveness * (air.dry_bulb - air.wet_bulb);
    in = air.dry_bulb + -cooled_by;
    const Temperature middle = plant.supply + plant.rise_k / 2;
    const MassFlow flow = heat / (std::max(middle - in, plant.pad_difference_k) * kAirCapacity);
    cooled.evaporated = water_volume(flow * (cooled_by * kAirCapacity / latent_heat(kWettedPads)));
    cooled.water = make_up(cooled.evaporated, plant.cycles);
  }
  const double at_design = plant.back() - plant.design_air;
  const double difference = std::max(plant.back() - in, plant.least_difference_k);
  const double speed = std::min(1.0, at_design / difference * (load.it / load.design));
  cooled.power = plant.pump * load.it + cubic(plant.fan * load.design, speed, 0);
  return cooled;
}

}  // namespace traingrid

#include "facility/outside_air.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// Rooms shut off from the outside.
Watts closed_power(const OutsideAir& plant, Watts heat, const Air& air) {
  const double loss = plant.closed_loss_per_kelvin * (air.dry_bulb - plant.closed_at);
  return heat / (plant.closed_cop * (1 - loss));
}

}  // namespace

void OutsideAir::describe(Fields& fields) {
  fields.required("supply", supply, "air to the rooms, as far as wetting can hold it");
  fields.required("effectiveness", effectiveness, "of wetting: share of the way from dry to wet bulb", fraction);
  fields.required("cycles", cycles, "cycles of concentration of that water",
                  Range{.low = 1, .low_excluded = true, .text = "above 1"});
  fields.required("rise_k", rise_k, "kelvin that air warms in the rooms", positive);
  fields.required("fan", fan, "power of the fans at full speed, per design IT power", fraction);
  fields.required("speed_floor", speed_floor, "slowest speed of the fans, over full speed", fraction);
  fields.required("closed_above", closed_above, "dew point above which the rooms are closed and compressors run");
  fields.required("closed_cop", closed_cop, "cooling over power of those compressors", positive);
  fields.required("closed_at", closed_at, "outside temperature of that");
  fields.required("closed_loss_per_kelvin", closed_loss_per_kelvin, "what they lose of it per kelvin above", fraction);
  fields.required("trimmed_above", trimmed_above, "supply temperature above which compressors help");
  fields.required("trim_cop", trim_cop, "cooling over power of those", positive);
}

Cooled cool_with(const OutsideAir& plant, const HeatLoad& load, const Air& air) {
  const Watts fan = cubic(plant.fan * load.design, load.it / load.design, plant.speed_floor);
  const Watts heat = load.total() + fan;
  if (air.dew_point > plant.closed_above) return {.power = fan + closed_power(plant, heat, air)};
  Cooled cooled{.power = fan, .free = true};
  Temperature supplied = air.dry_bulb;
  if (air.dry_bulb > plant.supply) {
    const Temperature reachable = air.dry_bulb + -(plant.effectiveness * (air.dry_bulb - air.wet_bulb));
    supplied = std::max(plant.supply, reachable);
    const MassFlow flow = heat / (plant.rise_k * kAirCapacity);
    cooled.evaporated = water_volume(flow * ((air.dry_bulb - supplied) * kAirCapacity / latent_heat(kWettedPads)));
    cooled.water = make_up(cooled.evaporated, plant.cycles);
  }
  if (supplied > plant.trimmed_above) {
    cooled.power += heat * ((supplied - plant.trimmed_above) / plant.rise_k) / plant.trim_cop;
    cooled.free = false;
  }
  return cooled;
}

}  // namespace traingrid

#include "facility/chilled_water.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// How much of the heat goes to the tower past the chiller.
double economised(const ChilledWater& plant, Temperature tower_water) {
  if (!plant.economiser) return 0;
  const Temperature reached = tower_water + plant.exchanger_k;
  return std::clamp((plant.back - reached) / (plant.back - plant.supply), 0.0, 1.0);
}

}  // namespace

void ChilledWater::describe(Fields& fields) {
  fields.required("supply", supply, "chilled water to the rooms");
  fields.required("return", back, "chilled water from the rooms");
  fields.required("fan", fan, "power of the air handlers at full speed, per design IT power", fraction);
  fields.required("pump", pump, "power of the chilled-water pumps at full speed, per design IT power", fraction);
  fields.required("speed_floor", speed_floor, "slowest speed of fans and pumps, over full speed", fraction);
  fields.optional("economiser", economiser, "whether the tower cools past the chiller when it can");
  fields.required("exchanger_k", exchanger_k, "kelvin lost between the tower's and the chilled water", non_negative);
  fields.required("chiller_size", chiller_size, "capacity of the chillers per design IT power", positive);
  fields.required("chiller", chiller, "the chillers");
  fields.required("tower", tower, "the cooling towers");
  fields.check("return", back > supply, "the water that returns is warmer than the supply");
}

Cooled cool_with(const ChilledWater& plant, const HeatLoad& load, const Air& air) {
  const Watts fan = cubic(plant.fan * load.design, load.it / load.design, plant.speed_floor);
  const Watts pump = cubic(plant.pump * load.design, load.it / load.design, plant.speed_floor);
  const Watts heat = load.total() + fan;
  const Temperature water = plant.tower.water(air.wet_bulb, heat / load.design);
  const double past = economised(plant, water);
  const Watts compressor =
      plant.chiller.power(heat * (1 - past), plant.chiller_size * load.design, plant.supply, water);
  Cooled cooled = reject(plant.tower, heat + compressor, load.design, air, water);
  cooled.power += fan + pump + compressor;
  cooled.free = past == 1;
  return cooled;
}

}  // namespace traingrid

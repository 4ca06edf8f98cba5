#include "facility/chiller.hpp"

#include <algorithm>

namespace traingrid {
namespace {

double biquadratic(const std::vector<double>& c, Temperature x, Temperature y) {
  const double tx = x.celsius, ty = y.celsius;
  return c[0] + c[1] * tx + c[2] * tx * tx + c[3] * ty + c[4] * ty * ty + c[5] * tx * ty;
}

}  // namespace

void Chiller::describe(Fields& fields) {
  constexpr std::size_t kBiquadratic = 6, kQuadratic = 3;
  fields.required("capacity", capacity, "biquadratic of the capacity over that at the reference");
  fields.required("energy_input", energy_input, "biquadratic of power per cooling over that at the reference");
  fields.required("part_load", part_load, "quadratic of power over that at full load, by load over capacity");
  fields.required("cop", cop, "cooling over power at the reference", positive);
  fields.required("least_load", least_load, "load over capacity below which it switches on and off", positive_fraction);
  fields.required("warmest_chilled_water", warmest_chilled_water, "that the curves hold for");
  fields.required("gain_per_kelvin", gain_per_kelvin, "less power per kelvin of chilled water above that", fraction);
  fields.required("coldest_condenser_water", coldest_condenser_water, "that the curves hold for");
  fields.check("capacity", capacity.size() == kBiquadratic, "'capacity' holds 6 coefficients");
  fields.check("energy_input", energy_input.size() == kBiquadratic, "'energy_input' holds 6 coefficients");
  fields.check("part_load", part_load.size() == kQuadratic, "'part_load' holds 3 coefficients");
}

Watts Chiller::power(Watts heat, Watts reference, Temperature chilled_water, Temperature condenser_water) const {
  if (heat <= Watts{}) return {};
  const Temperature chilled = std::min(chilled_water, warmest_chilled_water);
  const Temperature condenser = std::max(condenser_water, coldest_condenser_water);
  const Watts available = reference * biquadratic(capacity, chilled, condenser);
  const double load = heat / available, running = std::max(load, least_load),
               cycling = std::min(1.0, load / least_load);
  const double part = part_load[0] + running * (part_load[1] + running * part_load[2]);
  const double gain = 1 - gain_per_kelvin * (chilled_water - chilled);
  return available / cop * biquadratic(energy_input, chilled, condenser) * part * cycling * gain;
}

}  // namespace traingrid

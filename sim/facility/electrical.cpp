#include "facility/electrical.hpp"

#include <algorithm>

namespace traingrid {

void EfficiencyPoint::describe(Fields& fields) {
  fields.required("load", load, "output over the rating", non_negative);
  fields.required("efficiency", efficiency, "output over input there", positive_fraction);
}

void Converter::describe(Fields& fields) {
  fields.required("name", name, "what it is: UPS, PDU, transformer, rectifier, …");
  fields.optional("efficiency", efficiency, "output over input at any load", positive_fraction);
  fields.optional("curve", curve, "efficiency by load, where it is not the same at any load");
  fields.optional("rating", rating, "output at full load over the design IT power of the site", positive);
  fields.optional("standby", standby, "what one of them draws beside what it passes on", non_negative);
  fields.optional("units", units, "how many there are", positive);
  fields.check("curve", std::ranges::is_sorted(curve, std::ranges::less_equal{}, &EfficiencyPoint::load),
               "the loads of a curve rise");
}

double Converter::efficiency_at(double load) const {
  if (curve.empty()) return efficiency;
  const auto above = std::ranges::upper_bound(curve, load, {}, &EfficiencyPoint::load);
  if (above == curve.begin()) return curve.front().efficiency;
  if (above == curve.end()) return curve.back().efficiency;
  const EfficiencyPoint &low = *(above - 1), &high = *above;
  return low.efficiency + (load - low.load) / (high.load - low.load) * (high.efficiency - low.efficiency);
}

Watts Converter::input(Watts output, Watts design) const {
  const double load = design > Watts{} ? output / (rating * design) : 0;
  return (output + units * standby) / efficiency_at(load);
}

void Chain::describe(Fields& fields) {
  fields.optional("name", name, "which chain this is, in words");
  fields.required("converters", converters, "from the racks to the meter, in this order");
  fields.optional("other", other, "lighting and other services, as a share of the design IT power", fraction);
  fields.optional("room_share", room_share, "share of these losses that the cooling plant must carry away", fraction);
}

Watts Chain::loss(Watts it, Watts design) const {
  Watts power = it;
  for (const Converter& converter : converters) power = converter.input(power, design);
  return power - it;
}

HeatLoad Chain::heat(Watts it, Watts design) const {
  return {design, it, room_share * loss(it, design), room_share * other * design};
}

}  // namespace traingrid

#include "facility/heat_reuse.hpp"

#include "facility/site.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {

void HeatReuse::describe(Fields& fields) {
  constexpr std::size_t kMonths = 12;
  fields.required("use", use, "where the heat goes, in words");
  fields.optional("share", share, "share of the facility's energy that is used again (ERF), as published", fraction);
  fields.optional("captured", captured, "share of the IT heat that is in the loop that is tapped", fraction);
  fields.optional("exchanger", exchanger, "share of that heat which passes the heat exchanger", fraction);
  fields.optional("return", back, "temperature of that loop as it comes from the racks");
  fields.optional("network", network, "temperature that the neighbours need");
  fields.optional("demand", demand, "heat that the neighbours take at most", non_negative);
  fields.optional("demand_by_month", demand_by_month, "times the demand, from January to December", fraction);
  fields.optional("heat_pump_cop", heat_pump_cop, "heat over electricity of the pump that lifts it", at_least_one);
  fields.optional("displaced", displaced, "emissions per heat of what made the heat before", non_negative);
  fields.check("captured", captured.has_value() == demand.has_value(), "'captured' and 'demand' are stated together");
  fields.check("demand_by_month", demand_by_month.empty() || demand_by_month.size() == kMonths,
               "'demand_by_month' is 12 numbers");
  fields.check("network", !network || !back || *back >= *network || heat_pump_cop,
               "the loop returns colder than the network needs; state 'heat_pump_cop', or a colder network");
}

Hourly<Watts> HeatReuse::demand_at() const {
  if (demand_by_month.empty()) return Hourly<Watts>(*demand);
  constexpr std::size_t kHoursOfDay = 24;
  TypicalDays days;
  for (const double month : demand_by_month) days.emplace_back(kHoursOfDay, month);
  std::vector<Watts> hours;
  for (const double factor : year_of(days)) hours.push_back(factor * *demand);
  return {HourAxis{}, std::move(hours), "demand_by_month", {}};
}

std::optional<ReuseResult> reuse_of(const EnergyResult& energy, const Site& site) {
  if (!site.heat_reuse || !site.heat_reuse->is_computed()) return std::nullopt;
  const HeatReuse& reuse = *site.heat_reuse;
  const Hourly<Watts> demand = reuse.demand_at();
  const Hourly<CarbonIntensity> carbon = site.grid.carbon();
  ReuseResult result;
  Kilograms pumped;
  for (const Reading& reading : energy.readings) {
    const Watts heat = std::min(*reuse.captured * reuse.exchanger * reading.it, demand.at(reading.begin));
    result.reused += heat * reading.duration;
    if (reuse.heat_pump_cop) pumped += heat / *reuse.heat_pump_cop * reading.duration * carbon.at(reading.begin);
  }
  if (energy.it > Joules{}) result.ere = (energy.facility - result.reused) / energy.it;
  if (energy.facility > Joules{}) result.erf = result.reused / energy.facility;
  if (reuse.displaced) result.avoided = result.reused * *reuse.displaced - pumped;
  return result;
}

std::vector<std::string> notes_on(const HeatReuse& reuse, const std::string& site) {
  if (reuse.is_computed()) {
    return {
        fmt::format("heat of {} is reused: {}; ERE and ERF say how much, and energy, PUE and carbon are those "
                    "without it",
                    site, reuse.use)};
  }
  const std::string share = reuse.share ? fmt::format(" ({:.1f} % of the facility's energy)", 100 * *reuse.share) : "";
  return {fmt::format("heat of {} is reused: {}{}; this is not credited in energy, carbon or water", site, reuse.use,
                      share)};
}

}  // namespace traingrid

#include "study/fleet.hpp"

#include "input/problems.hpp"
#include "input/spelling.hpp"
#include "units/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

/// A result with what only fleets are asked for.
struct Machine {
  const Result& run;
  double server_cost, margin;

  double per_year() const { return year / run.duration->time; }
  double count() const { return static_cast<double>(run.accelerators); }
};

template <class Q>
std::optional<double> yearly(const Machine& machine, const std::optional<Q>& of_run, Q unit) {
  return of_run ? std::optional{*of_run / unit * machine.per_year()} : std::nullopt;
}
std::optional<double> bought(const Machine& m, double factor) {
  const auto& tco = m.run.cost->tco;
  return tco ? std::optional{m.count() * factor * (tco->unit.servers / dollar)} : std::nullopt;
}
std::optional<double> owned(const Machine& m) {
  const auto& tco = m.run.cost->tco;
  return tco ? std::optional{tco->total / dollar * m.per_year()} : std::nullopt;
}
std::optional<double> earned(const Machine& m) {
  const auto cost = owned(m);
  return cost ? std::optional{*cost / (1 - m.margin)} : std::nullopt;
}
std::optional<double> with_network(const Machine& m) {
  const auto& tco = m.run.cost->tco;
  return tco ? std::optional{m.count() * ((tco->unit.servers + tco->unit.network) / dollar)} : std::nullopt;
}

struct Kind {
  std::string_view name, about;
  std::optional<double> (*value)(const Machine& machine);
};
constexpr std::array kKinds{
    Kind{"accelerators", "accelerators", [](const Machine& m) -> std::optional<double> { return m.count(); }},
    Kind{"it_mw", "mean power at the IT equipment",
         [](const Machine& m) -> std::optional<double> { return m.run.energy->mean_it / megawatt; }},
    Kind{"facility_mw", "mean power at the meter",
         [](const Machine& m) -> std::optional<double> {
           return m.run.energy->facility / m.run.duration->time / megawatt;
         }},
    Kind{"peak_facility_mw", "highest power at the meter",
         [](const Machine& m) -> std::optional<double> { return m.run.energy->peak_facility / megawatt; }},
    Kind{"facility_mwh", "energy at the meter, a year",
         [](const Machine& m) { return yearly(m, std::optional{m.run.energy->facility}, megawatt_hour); }},
    Kind{"location_t", "CO2e of electricity, location-based, a year",
         [](const Machine& m) { return yearly(m, std::optional{m.run.carbon->location}, tonne); }},
    Kind{"market_t", "CO2e of electricity, market-based, a year",
         [](const Machine& m) { return yearly(m, m.run.carbon->market, tonne); }},
    Kind{"onsite_m3", "water consumed on site, a year",
         [](const Machine& m) { return yearly(m, m.run.water->onsite, cubic_metre); }},
    Kind{"offsite_m3", "water consumed off site, a year",
         [](const Machine& m) { return yearly(m, m.run.water->offsite, cubic_metre); }},
    Kind{"withdrawn_m3", "water withdrawn, on site and off, a year",
         [](const Machine& m) { return yearly(m, m.run.water->withdrawn, cubic_metre); }},
    Kind{"accelerators_usd", "price of the accelerators, bought once",
         [](const Machine& m) { return bought(m, 1 / m.server_cost); }},
    Kind{"servers_usd", "price of the servers, accelerators included", [](const Machine& m) { return bought(m, 1); }},
    Kind{"hardware_usd", "price of servers and network", with_network},
    Kind{"tco_usd", "total cost of ownership, a year", owned},
    Kind{"revenue_usd", "revenue that pays for it, margin included, a year", earned},
};

}  // namespace

FleetTarget parse_fleet_target(const std::string& text) {
  const auto equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto* known = std::ranges::find(kKinds, name, &Kind::name);
  if (known == kKinds.end()) {
    std::vector<std::string> names;
    for (const Kind& kind : kKinds) names.emplace_back(kind.name);
    throw InputError(fmt::format("there is no figure '{}' of a fleet; known: {}", name, fmt::join(names, ", ")));
  }
  const auto value = parse_number(equals == std::string::npos ? "" : text.substr(equals + 1));
  if (!value || *value <= 0) throw InputError(fmt::format("'{}' needs a number above 0, as in {}=1000", text, name));
  return {name, *value};
}

Fleet fleet_of(const Result& result, const FleetTarget& target, double server_cost, double margin) {
  const Machine machine{result, server_cost, margin};
  const auto* given = std::ranges::find(kKinds, target.name, &Kind::name);
  const auto of_one = given->value(machine);
  if (!of_one || *of_one <= 0)
    throw InputError(fmt::format("{}: its result has no '{}' to multiply; its site states no such factor",
                                 result.run_name, target.name));
  Fleet fleet{.machines = target.value / *of_one, .figures = {}};
  for (const Kind& kind : kKinds) {
    const auto one = kind.value(machine);
    fleet.figures.push_back({kind.name, kind.about, one, one ? std::optional{*one * fleet.machines} : std::nullopt});
  }
  return fleet;
}

}  // namespace traingrid

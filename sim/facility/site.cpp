#include "facility/site.hpp"

#include "input/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

void Site::describe(Fields& fields) {
  fields.required("name", name, "name of the site, for people");
  fields.optional("pue", pue, "power usage effectiveness: energy of the facility over energy of the IT", at_least_one);
  fields.optional("wue", wue, "water usage effectiveness: water evaporated on site per energy of the IT", non_negative);
  fields.optional("water_scarcity", water_scarcity,
                  "how scarce water is here: cubic metres of world average per cubic metre (AWARE: 0.1 to 100)",
                  non_negative);
  fields.optional_reference("weather", weather, "climates", "the air outside, by the hour");
  fields.optional_reference("cooling", cooling, "plants", "the cooling plant, computed by the hour");
  fields.optional_reference("electrical", electrical, "chains", "converters between the racks and the meter");
  fields.optional("design_power", design_power, "IT power that the plant is built for; without it, the run's peak",
                  positive);
  fields.reference("grid", grid, "grids", "the grid that feeds the site");
  fields.optional("electricity_price", electricity_price,
                  "what the site pays for electricity; without it, the accounting's price of the year");
  fields.optional("electricity_prices", electricity_prices, "the same by the hour, from a column of a CSV file");
  fields.optional("demand_charge_per_month", demand_charge_per_month,
                  "paid every month for its highest quarter of an hour at the meter", non_negative);
  fields.optional("water_price", water_price, "of water used on site", non_negative);
  fields.optional("carbon_price", carbon_price, "of emissions, location-based: a tax, or what the owner counts with",
                  non_negative);
  fields.optional("heat_reuse", heat_reuse, "heat passed on to neighbours");
  fields.optional("operation", operation, "when runs start, pause and slow down");
  fields.check("name", pue || cooling, "a site states its 'pue', or the plant under 'cooling' that gives it");
  fields.check("pue", !pue || !cooling, "'pue' and 'cooling' both say what cooling takes; keep one");
  fields.check("wue", !wue || !cooling, "'wue' and 'cooling' both say what water it takes; keep one");
  fields.check("cooling", !cooling || (weather && electrical),
               "a plant needs the 'weather' outside and the 'electrical' chain whose losses it carries away");
  fields.check("electricity_price", !electricity_price || !electricity_prices,
               "'electricity_price' and 'electricity_prices' both say what electricity costs; keep one");
}

bool Site::is_steady() const {
  const auto steady = [](const auto& hourly) { return !hourly || hourly->is_steady(); };
  const bool contracts_steady =
      std::ranges::all_of(grid.contracts, [](const Contract& contract) { return !contract.profile; });
  return (!cooling || weather->air.is_steady()) && grid.carbon().is_steady() && grid.caused().is_steady() &&
         steady(grid.water()) && steady(price()) && contracts_steady &&
         (!heat_reuse || heat_reuse->demand_by_month.empty());
}

Instant Site::next_change(Instant instant, Instant end) const {
  if (is_steady()) return end;
  Instant next = std::min(end, HourAxis{}.next(instant));
  if (cooling) next = weather->air.next(instant, next);
  next = grid.caused().next(instant, grid.carbon().next(instant, next));
  return hourly_price.next(instant, next);
}

std::optional<Hourly<EnergyPrice>> Site::price() const {
  if (electricity_price) return Hourly<EnergyPrice>(*electricity_price);
  return electricity_prices ? std::optional{hourly_price} : std::nullopt;
}

void load_hours(Site& site, Inputs& inputs) {
  if (site.weather) {
    load_climate(*site.weather, inputs, "site", "weather");
    append(site.notes, site.weather->notes);
  }
  load_grid(site.grid, inputs, "site", "grid");
  append(site.notes, site.grid.notes);
  if (!site.electricity_prices) return;
  const CsvSeries prices =
      read_csv_series(*site.electricity_prices, EnergyPrice::dimension, inputs, "site", "electricity_prices");
  if (!prices.values.empty()) site.hourly_price = hourly_of<EnergyPrice>(prices);
  append(site.notes, prices.notes);
}

std::vector<std::string> notes_on(const Site& site) {
  std::vector<std::string> notes = site.notes;
  if (site.cooling) append(notes, notes_on(*site.cooling));
  if (site.weather && !site.cooling) notes.push_back("'weather' has no effect: the site states a constant 'pue'");
  if (site.electrical && !site.cooling) notes.push_back("'electrical' has no effect: the site states a constant 'pue'");
  if (site.grid.attribution == Attribution::marginal) {
    notes.push_back("emissions are marginal: of what one consumer more causes, not the site's share of the grid's");
  }
  if (site.grid.factors == Factors::direct)
    notes.push_back("emissions are direct: of burning fuel, not of mining it, building and waste");
  if (site.heat_reuse) append(notes, notes_on(*site.heat_reuse, site.name));
  return notes;
}

}  // namespace traingrid

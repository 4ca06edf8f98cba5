// A place to train at: climate, cooling, electrical chain, grid, water, prices. Either constants of the year (`pue`,
// `wue`) or a plant that is computed hour by hour (`cooling`).
#pragma once

#include "facility/climate.hpp"
#include "facility/cooling.hpp"
#include "facility/electrical.hpp"
#include "facility/grid.hpp"
#include "facility/heat_reuse.hpp"
#include "facility/operation.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// What `platforms/sites/*.yaml` holds.
struct Site {
  std::string name;
  std::optional<double> pue;             ///< facility energy over IT energy
  std::optional<WaterIntensity> wue;     ///< water evaporated on site, per IT energy
  std::optional<double> water_scarcity;  ///< of the basin it lies in; 1 is the world's mean
  std::optional<Climate> weather;
  std::optional<Cooling> cooling;
  std::optional<Chain> electrical;
  std::optional<Watts> design_power;  ///< IT power that the plant is built for; the run's peak if absent
  Grid grid;
  std::optional<EnergyPrice> electricity_price;
  std::optional<CsvColumn> electricity_prices;  ///< by the hour
  Hourly<EnergyPrice> hourly_price;             ///< filled by load_hours
  PowerPrice demand_charge_per_month;           ///< of the highest quarter of an hour of the month
  WaterPrice water_price;                       ///< of what is used on site
  CarbonPrice carbon_price;                     ///< of location-based emissions
  std::optional<HeatReuse> heat_reuse;
  std::optional<OperatingRules> operation;
  std::vector<std::string> notes{};  ///< what was said about files while they were read

  void describe(Fields& fields);

  /// Whether nothing of it changes from hour to hour.
  bool is_steady() const;
  /// When anything of it may change next; `end` if not before.
  Instant next_change(Instant instant, Instant end) const;
  /// By the hour or constant; nothing if no price is stated.
  std::optional<Hourly<EnergyPrice>> price() const;
};

/// Reads the hourly files that the site names; what is wrong with them becomes problems of their lines.
void load_hours(Site& site, Inputs& inputs);

/// What a reader of the results should know about this site, one sentence each.
std::vector<std::string> notes_on(const Site& site);

}  // namespace traingrid

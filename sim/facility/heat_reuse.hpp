// Heat passed on to neighbours, and what that saves: energy reuse effectiveness and factor (The Green Grid, white paper
// 29, 2010), and emissions of the heat it takes the place of.
#pragma once

#include "facility/energy.hpp"
#include "input/fields.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Site;

/// Only `use` is required; `share` states a published ERF, and without the rest nothing is computed.
struct HeatReuse {
  std::string use;                           ///< for people: where the heat goes
  std::optional<double> share;               ///< of the facility's energy (energy reuse factor), where it is known
  std::optional<double> captured;            ///< share of the IT heat that is in the loop that is tapped
  double exchanger = 1;                      ///< share of that which passes the exchanger
  std::optional<Temperature> back;           ///< of the loop, from the racks
  std::optional<Temperature> network;        ///< that the neighbours need
  std::optional<Watts> demand;               ///< of the neighbours, at all times
  std::vector<double> demand_by_month;       ///< times that, from January to December
  std::optional<double> heat_pump_cop;       ///< of what lifts the heat to the network; needed where `back` is colder
  std::optional<CarbonIntensity> displaced;  ///< emissions of the heat that is no longer made

  void describe(Fields& fields);
  bool is_computed() const { return captured && demand; }
  Hourly<Watts> demand_at() const;
};

struct ReuseResult {
  Joules reused;                     ///< heat that neighbours took
  double ere = 0, erf = 0;           ///< (facility − reused) / IT, reused / facility
  std::optional<Kilograms> avoided;  ///< heat displaced, less the emissions of a heat pump's electricity
};

/// Nothing unless the site says how much heat is captured and wanted.
std::optional<ReuseResult> reuse_of(const EnergyResult& energy, const Site& site);

std::vector<std::string> notes_on(const HeatReuse& reuse, const std::string& site);

}  // namespace traingrid

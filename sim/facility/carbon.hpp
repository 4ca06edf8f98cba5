// Greenhouse gases of a run: of its electricity, location-based and market-based (GHG Protocol scope 2 wants both),
// and its share of what making the hardware emitted.
#pragma once

#include "facility/energy.hpp"
#include "facility/site.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// What a site's contracts generate while it runs.
struct ContractResult {
  Joules generated;
  Joules surplus;         ///< generated in hours that did not need it
  double hourly_cfe = 0;  ///< share of the energy that was generated under contract in the hour it was used (24/7)
  double annual_cfe = 0;  ///< the same over the whole run, where an hour's surplus makes up for another's lack
};

struct CarbonResult {
  Kilograms location;
  std::optional<Kilograms> market, embodied;
  std::optional<Kilograms> marginal;  ///< what the run causes, where the grid's marginal emissions are known
  CarbonIntensity intensity;          ///< mean over the run, location-based
  std::optional<ContractResult> contracts;
};

CarbonResult carbon_of(const EnergyResult& energy, const Site& site, std::optional<Kilograms> embodied);

/// What a reader should know about the contracts, one sentence each.
std::vector<std::string> notes_on(const CarbonResult& carbon);

/// The part of the life of hardware that a run takes up, of which the share `utilisation` is in use (Luccioni et al.
/// 2022, arXiv 2211.02001): what making it took is charged by it.
struct HardwareUse {
  Seconds duration, life;
  double utilisation = 1;

  constexpr double share() const { return duration / (life * utilisation); }
};

}  // namespace traingrid

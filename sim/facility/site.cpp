#include "facility/site.hpp"

#include <fmt/format.h>

namespace traingrid {

void Grid::describe(Fields& fields) {
  fields.optional("zone", zone, "which grid this is, in words");
  fields.required("intensity", intensity, "location-based emissions per energy taken from the grid", non_negative);
  fields.optional("market_intensity", market_intensity, "market-based emissions, after contracts and certificates",
                  non_negative);
  fields.optional("water_intensity", water_intensity,
                  "water evaporated off site to make the electricity, per energy of the facility (EWIF)", non_negative);
}

void HeatReuse::describe(Fields& fields) {
  fields.required("use", use, "where the heat goes, in words");
  fields.optional("share", share, "share of the facility's energy that is used again (ERF)", fraction);
}

void Site::describe(Fields& fields) {
  fields.required("name", name, "name of the site, for people");
  fields.required("pue", pue, "power usage effectiveness: energy of the facility over energy of the IT", at_least_one);
  fields.optional("wue", wue, "water usage effectiveness: water evaporated on site per energy of the IT", non_negative);
  fields.required("grid", grid, "the grid that feeds the site");
  fields.optional("electricity_price", electricity_price,
                  "what the site pays for electricity; without it, the accounting's price of the year", non_negative);
  fields.optional("heat_reuse", heat_reuse, "heat passed on to neighbours; stated, not credited");
}

std::vector<std::string> notes_on(const Site& site) {
  std::vector<std::string> notes;
  if (site.heat_reuse) {
    const std::string share = site.heat_reuse->share
                                  ? fmt::format(" ({:.1f} % of the facility's energy)", 100 * *site.heat_reuse->share)
                                  : "";
    notes.push_back(fmt::format("heat of {} is reused: {}{}; this is not credited in energy, carbon or water",
                                site.name, site.heat_reuse->use, share));
  }
  return notes;
}

}  // namespace traingrid

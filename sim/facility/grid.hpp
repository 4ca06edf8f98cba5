// The grid behind a site's meter, and what the site buys from it: emissions and water of its electricity by the hour.
#pragma once

#include "facility/contract.hpp"
#include "facility/hourly_csv.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Emissions and water per energy of one kind of generation.
struct FuelFactors {
  CarbonIntensity direct, lifecycle;
  WaterIntensity water;
  WaterIntensity reservoir_water;  ///< evaporated from reservoirs that were made for it

  void describe(Fields& fields);
};

/// What `platforms/fuels/*.yaml` holds, by the headings of fuel-mix files.
struct Fuels {
  std::string name;
  std::map<std::string, FuelFactors> fuels;

  void describe(Fields& fields);
};

/// Whose emissions count: those of the chimney, or those of fuel, building and waste too.
enum class Factors { lifecycle, direct };
template <>
struct Spellings<Factors> {
  static constexpr std::array<std::string_view, 2> names{"lifecycle", "direct"};
};

/// Of the grid's mix, or of what generates a little more when a little more is taken.
enum class Attribution { average, marginal };
template <>
struct Spellings<Attribution> {
  static constexpr std::array<std::string_view, 2> names{"average", "marginal"};
};

/// Whether what evaporates from reservoirs of dams counts as water of their electricity.
enum class Reservoirs { exclude, include };
template <>
struct Spellings<Reservoirs> {
  static constexpr std::array<std::string_view, 2> names{"exclude", "include"};
};

enum class GridFormat { electricity_maps, eia_930 };
template <>
struct Spellings<GridFormat> {
  static constexpr std::array<std::string_view, 2> names{"electricity-maps", "eia-930"};
};

/// An hourly file of a publisher: intensities of Electricity Maps, or generation by fuel of Form EIA-930.
struct GridFile {
  std::string path;  ///< from the description that names it
  GridFormat format = GridFormat::electricity_maps;
  std::optional<Fuels> fuels;  ///< factors for generation by fuel
  bool wrap = false;

  void describe(Fields& fields);
};

/// One of `intensity`, the tables, `file` and `column` is stated.
struct Grid {
  std::string zone;                                   ///< for people
  std::optional<CarbonIntensity> intensity;           ///< location-based: of the grid as it is
  TypicalDays lifecycle_g_per_kwh, direct_g_per_kwh;  ///< typical days of each month
  Seconds utc_offset;                                 ///< of those
  std::optional<GridFile> file;
  std::optional<CsvColumn> column;
  double scale = 1;                      ///< all hours of the tables or the file times this
  Factors factors = Factors::lifecycle;  ///< which of two are taken, where there are two
  Attribution attribution = Attribution::average;
  std::optional<CsvColumn> marginal;                ///< of what one consumer more causes, beside the grid's mix
  std::optional<CarbonIntensity> market_intensity;  ///< market-based: after contracts and certificates
  std::optional<CarbonIntensity>
      residual_intensity;                         ///< of what contracts leave: of the grid without what others bought
  std::optional<WaterIntensity> water_intensity;  ///< evaporated in power stations, per energy of the facility (EWIF)
  std::optional<WaterIntensity> reservoir_water;  ///< beyond it, from reservoirs of dams
  Reservoirs reservoirs = Reservoirs::exclude;
  std::optional<WaterIntensity> water_withdrawal;  ///< taken from rivers and given back or not
  std::optional<double> water_scarcity;            ///< of the basins where its power stations are
  std::vector<Contract> contracts;
  Matching matching = Matching::hourly;
  double certificates = 0;  ///< share of what contracts leave that certificates of other hours or places cover
  std::optional<EnergyPrice>
      surplus_price;  ///< of generation that is left over; the site's price of the hour if absent

  Hourly<CarbonIntensity> hourly_marginal;             ///< filled by load_grid where there is `marginal`
  Hourly<CarbonIntensity> hourly_carbon;               ///< filled by load_grid, unless there is one intensity
  std::optional<Hourly<WaterIntensity>> hourly_water;  ///< likewise
  std::vector<std::string> notes;

  void describe(Fields& fields);
  Hourly<CarbonIntensity> carbon() const;               ///< location-based
  Hourly<CarbonIntensity> caused() const;               ///< by one who moves in time: marginal where that is known
  std::optional<Hourly<WaterIntensity>> water() const;  ///< nothing if no factor is stated

 private:
  void describe_water(Fields& fields);
  void describe_contracts(Fields& fields);
};

/// Fills the hours; what is wrong with files becomes problems of their lines.
void load_grid(Grid& grid, Inputs& inputs, std::string_view document, const std::string& path);

}  // namespace traingrid

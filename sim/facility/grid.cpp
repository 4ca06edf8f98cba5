#include "facility/grid.hpp"

#include "input/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

constexpr CarbonIntensity kGramPerKwh = 1e-3 * (kilogram / kilowatt_hour);

const TypicalDays& table_of(const Grid& grid) {
  return grid.factors == Factors::direct ? grid.direct_g_per_kwh : grid.lifecycle_g_per_kwh;
}

/// What two kinds of files become before their gaps are filled.
struct GridRows {
  std::vector<HourlyRow> carbon_and_water;  ///< in g/kWh and L/kWh, if there is water
  bool has_water = false;
};

/// Electricity Maps changed its headings over the years; the first that the file has counts.
GridRows read_electricity_maps(const std::shared_ptr<const SourceFile>& file, const Grid& grid, Problems& problems) {
  constexpr std::array<std::array<std::string_view, 2>, 2> kHeadings{
      {{"Carbon Intensity gCO₂eq/kWh (LCA)", "Carbon intensity gCO₂eq/kWh (Life cycle)"},
       {"Carbon Intensity gCO₂eq/kWh (direct)", "Carbon intensity gCO₂eq/kWh (direct)"}}};
  const auto& headings = kHeadings[static_cast<std::size_t>(grid.factors)];
  const bool newer = file->bytes.find(headings[1]) != std::string::npos;
  return {read_csv_rows(file, "Datetime (UTC)", {std::string(headings[newer ? 1 : 0])}, {}, problems)};
}

/// Mixes the factors of the fuels by what each generated; an hour lacks its value if any fuel does.
HourlyRow mixed(const HourlyRow& generation, const std::vector<const FuelFactors*>& factors, const Grid& grid) {
  double all = 0, carbon = 0, water = 0;
  bool complete = true;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    complete = complete && generation.values[i].has_value();
    const double amount = std::max(0.0, generation.values[i].value_or(0));  // storage that charges generates nothing
    const CarbonIntensity emitted = grid.factors == Factors::direct ? factors[i]->direct : factors[i]->lifecycle;
    all += amount;
    carbon += amount * (emitted / kGramPerKwh);
    const WaterIntensity evaporated =
        factors[i]->water + (grid.reservoirs == Reservoirs::include ? factors[i]->reservoir_water : WaterIntensity{});
    water += amount * (evaporated / (litre / kilowatt_hour));
  }
  HourlyRow row{.time = generation.time, .values = {std::nullopt, std::nullopt}, .mark = generation.mark};
  if (complete && all > 0) row.values = {carbon / all, water / all};
  return row;
}

GridRows read_eia_930(const std::shared_ptr<const SourceFile>& file, const Grid& grid, Problems& problems) {
  GridRows read{.has_water = true};
  std::vector<std::string> headings;
  std::vector<const FuelFactors*> factors;
  for (const auto& [heading, factor] : grid.file->fuels->fuels) {
    headings.push_back(heading);
    factors.push_back(&factor);
  }
  for (const HourlyRow& row : read_csv_rows(file, "timestamp", headings, {}, problems)) {
    read.carbon_and_water.push_back(mixed(row, factors, grid));
  }
  return read;
}

/// Intensities that no grid has, and hours far from what the others say, which may be faults of the reporting.
std::vector<std::string> notes_on_outliers(const std::vector<double>& carbon, Instant start, const std::string& path) {
  constexpr double kFar = 4, kFewGrams = 50, kLeast = 1, kMost = 2000;
  std::vector<double> sorted = carbon;
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
  const double median = sorted[sorted.size() / 2];
  std::size_t count = 0, first = 0;
  for (std::size_t i = 0; i < carbon.size(); ++i) {
    const bool far =
        carbon[i] > kFar * std::max(median, kFewGrams) || (median > kFewGrams && carbon[i] * kFar < median);
    if (far && count++ == 0) first = i;
  }
  std::vector<std::string> notes;
  if (median < kLeast || median > kMost) {
    notes.push_back(fmt::format("{}: the median of {:.3g} g/kWh is that of no grid; check the unit", path, median));
  }
  if (count > 0) {
    notes.push_back(
        fmt::format("{}: {} hours are {} times above or below the median of {:.0f} g/kWh, the first {} with {:.1f}; "
                    "they are used as they are",
                    path, count, kFar, median, to_text(start + static_cast<double>(first) * hour), carbon[first]));
  }
  return notes;
}

void load_file(Grid& grid, Inputs& inputs, const Mark& from) {
  const auto file = inputs.open_text(grid.file->path, from);
  if (!file) return;
  Problems& problems = inputs.problems();
  const std::size_t before = problems.size();
  const GridRows read = grid.file->format == GridFormat::eia_930 ? read_eia_930(file, grid, problems)
                                                                 : read_electricity_maps(file, grid, problems);
  if (problems.size() > before) return;
  const RegularHours hours = regular_hours(read.carbon_and_water, file->path, problems);
  if (problems.size() > before) return;
  std::vector<double> grams;
  std::vector<CarbonIntensity> carbon;
  std::vector<WaterIntensity> water;
  for (const auto& row : hours.rows) {
    grams.push_back(row[0]);
    carbon.push_back(row[0] * kGramPerKwh);
    if (read.has_water) water.push_back(row[1] * (litre / kilowatt_hour));
  }
  const HourAxis axis{.typical = false, .start = hours.start, .count = carbon.size(), .wraps = grid.file->wrap};
  grid.hourly_carbon = {axis, std::move(carbon), file->path, from};
  if (read.has_water) grid.hourly_water = {axis, std::move(water), file->path, from};
  grid.notes.insert(grid.notes.end(), hours.notes.begin(), hours.notes.end());
  for (std::string& note : notes_on_outliers(grams, hours.start, file->path)) grid.notes.push_back(std::move(note));
}

Hourly<CarbonIntensity> load_column(Grid& grid, const CsvColumn& column, Inputs& inputs, std::string_view document,
                                    const std::string& path) {
  const CsvSeries series = read_csv_series(column, CarbonIntensity::dimension, inputs, document, path);
  if (series.values.empty()) return {};
  auto hours = hourly_of<CarbonIntensity>(series);
  grid.notes.insert(grid.notes.end(), series.notes.begin(), series.notes.end());
  std::vector<double> grams;
  for (const CarbonIntensity& intensity : hours.values()) grams.push_back(intensity / kGramPerKwh);
  for (std::string& note : notes_on_outliers(grams, series.axis.start, series.path))
    grid.notes.push_back(std::move(note));
  return hours;
}

}  // namespace

void FuelFactors::describe(Fields& fields) {
  fields.required("direct", direct, "emissions of burning it, per energy generated", non_negative);
  fields.required("lifecycle", lifecycle, "emissions from mine to waste, per energy generated", non_negative);
  fields.required("water", water, "water evaporated in its power stations, per energy generated", non_negative);
  fields.optional("reservoir_water", reservoir_water, "water evaporated from reservoirs made for it, likewise",
                  non_negative);
}

void Fuels::describe(Fields& fields) {
  fields.optional("name", name, "whose factors these are, in words");
  fields.required("fuels", fuels, "factors by the heading of the column of each fuel");
}

void GridFile::describe(Fields& fields) {
  fields.required("path", path, "an hourly CSV file, from this description");
  fields.optional("format", format, "whose file it is: intensities of Electricity Maps, or fuels of Form EIA-930");
  fields.optional_reference("fuels", fuels, "fuels", "emissions and water by fuel, for a file that lists fuels");
  fields.optional("wrap", wrap, "whether the hours stand for the same days of other years");
  fields.check("format", format != GridFormat::eia_930 || fuels, "a file of generation by fuel needs 'fuels'");
}

void Grid::describe(Fields& fields) {
  fields.optional("zone", zone, "which grid this is, in words");
  fields.optional("intensity", intensity, "location-based emissions per energy taken from the grid", non_negative);
  fields.optional("lifecycle_g_per_kwh", lifecycle_g_per_kwh,
                  "the same in g/kWh by month and hour, over the life cycle");
  fields.optional("direct_g_per_kwh", direct_g_per_kwh, "the same, of burning fuel alone");
  fields.optional("utc_offset", utc_offset, "how far those hours are ahead of UTC");
  fields.optional("file", file, "the same by the hour, from a file of Electricity Maps or Form EIA-930");
  fields.optional("column", column, "the same by the hour, from a column of any CSV file");
  fields.optional("scale", scale,
                  "all hours of the tables or the file times this; an interval says how far they may be off together",
                  positive);
  fields.check("scale", scale == 1 || file || is_typical_days(table_of(*this)),
               "has an effect on tables and files of hours only; 'intensity' and 'column' take intervals of their own");
  fields.optional("factors", factors, "which emissions count, where both are stated");
  fields.optional("attribution", attribution,
                  "whether the emissions are of the mix or of what one consumer more causes");
  fields.optional(
      "marginal", marginal,
      "the emissions of what one consumer more causes, by the hour, from a column of a CSV file: operation goes "
      "by them, and what the run causes stands beside its share of the grid's");
  fields.check("marginal", !marginal || attribution == Attribution::average,
               "'attribution: marginal' says that the other emissions are marginal too; keep one");
  fields.optional("market_intensity", market_intensity, "market-based emissions, after contracts and certificates",
                  non_negative);
  fields.optional("residual_intensity", residual_intensity,
                  "emissions of what contracts leave, market-based; without it, those of the grid", non_negative);
  describe_water(fields);
  describe_contracts(fields);
  const int stated = (intensity ? 1 : 0) + (lifecycle_g_per_kwh.empty() && direct_g_per_kwh.empty() ? 0 : 1) +
                     (file ? 1 : 0) + (column ? 1 : 0);
  fields.check(stated == 0 ? "zone" : "intensity", stated == 1,
               "emissions of a grid are stated in one way: 'intensity', 'lifecycle_g_per_kwh' or 'direct_g_per_kwh', "
               "'file', or 'column'");
  fields.check("factors", intensity || file || column || is_typical_days(table_of(*this)),
               fmt::format("'{}_g_per_kwh' is 12 lists of 24 intensities", spelling(factors)));
}

void Grid::describe_water(Fields& fields) {
  fields.optional("water_intensity", water_intensity,
                  "water evaporated off site to make the electricity, per energy of the facility (EWIF)", non_negative);
  fields.optional("reservoir_water", reservoir_water, "what evaporates from reservoirs of dams beyond it, likewise",
                  non_negative);
  fields.optional("reservoirs", reservoirs, "whether that counts as water of the electricity");
  fields.check("reservoirs", reservoirs == Reservoirs::exclude || reservoir_water || (file && file->fuels),
               "has an effect where 'reservoir_water' is stated, here or of a fuel, only");
  fields.optional(
      "water_withdrawal", water_withdrawal,
      "water that power stations take from rivers and lakes, most of which they give back, per energy of the "
      "facility",
      non_negative);
  fields.optional("water_scarcity", water_scarcity,
                  "how scarce water is where the power stations are: cubic metres of world average per cubic metre",
                  non_negative);
}

void Grid::describe_contracts(Fields& fields) {
  fields.optional("contracts", contracts, "generation that the site has bought");
  fields.optional("matching", matching, "whether generation counts in the hour it is made or over the whole run");
  fields.optional("certificates", certificates,
                  "share of what contracts leave that unbundled certificates cover: it counts as emitting nothing, "
                  "market-based, and as covered in no hour",
                  fraction);
  fields.check("certificates", certificates == 0 || !market_intensity,
               "'market_intensity' and 'certificates' both say what the market-based emissions are; keep one");
  fields.optional("surplus_price", surplus_price,
                  "what generation that the site has paid for and does not take fetches, 0 if it is curtailed; without "
                  "it, the site's price of the hour");
  fields.check("surplus_price",
               !surplus_price ||
                   std::ranges::any_of(contracts, [](const Contract& contract) { return contract.price.has_value(); }),
               "has an effect with a contract that has a 'price' only");
  fields.check("market_intensity", !market_intensity || contracts.empty(),
               "'market_intensity' and 'contracts' both say what the market-based emissions are; keep one");
}

Hourly<CarbonIntensity> Grid::carbon() const { return intensity ? Hourly<CarbonIntensity>(*intensity) : hourly_carbon; }

Hourly<CarbonIntensity> Grid::caused() const { return marginal ? hourly_marginal : carbon(); }

std::optional<Hourly<WaterIntensity>> Grid::water() const {
  if (!water_intensity) return hourly_water;
  const bool more = reservoirs == Reservoirs::include && reservoir_water;
  return Hourly<WaterIntensity>(*water_intensity + (more ? *reservoir_water : WaterIntensity{}));
}

void load_grid(Grid& grid, Inputs& inputs, std::string_view document, const std::string& path) {
  const std::string prefix = path.empty() ? "" : path + ".";
  if (grid.file) {
    load_file(grid, inputs, inputs.mark_of(document, prefix + "file.path"));
  } else if (grid.column) {
    grid.hourly_carbon = load_column(grid, *grid.column, inputs, document, prefix + "column");
  } else if (is_typical_days(table_of(grid))) {
    std::vector<CarbonIntensity> hours;
    for (const double grams : year_of(table_of(grid))) hours.push_back(grams * kGramPerKwh);
    grid.hourly_carbon = {HourAxis{.utc_offset = grid.utc_offset}, std::move(hours), grid.zone, {}};
  }
  if (!grid.column) grid.hourly_carbon = grid.hourly_carbon.scaled(grid.scale);
  if (grid.marginal) grid.hourly_marginal = load_column(grid, *grid.marginal, inputs, document, prefix + "marginal");
}

}  // namespace traingrid

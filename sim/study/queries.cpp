#include "study/queries.hpp"

namespace traingrid {
namespace {

constexpr CubicMetres kMillilitre = 1e-3 * litre, kHalfLitre = 0.5 * litre;
constexpr Joules kWattHour = 1e-3 * kilowatt_hour;
constexpr Kilograms kGram = 1e-3 * kilogram;

template <class Q>
std::optional<Q> times(const std::optional<Q>& whole, double share) {
  return whole ? std::optional{*whole * share} : std::nullopt;
}

}  // namespace

std::vector<QueryFigure> queries_of(const Result& training, Joules energy, std::optional<double> per_day) {
  const EnergyResult& trained = *training.energy;
  const double share = energy / trained.it;  // of what the training took
  const auto onsite = times(training.water->onsite, share), offsite = times(training.water->offsite, share);
  const Kilograms location = training.carbon->location * share;
  const auto in = [](const auto& amount, auto unit) { return amount ? std::optional{*amount / unit} : std::nullopt; };
  std::vector<QueryFigure> figures{{"it_wh", "energy at the IT equipment, Wh", energy / kWattHour},
                                   {"facility_wh", "energy at the meter, Wh", share * trained.facility / kWattHour},
                                   {"location_g", "CO2e, location-based, g", location / kGram},
                                   {"onsite_ml", "water consumed on site, mL", in(onsite, kMillilitre)},
                                   {"offsite_ml", "water consumed off site, mL", in(offsite, kMillilitre)}};
  if (onsite && offsite) {
    figures.push_back({"water_ml", "water consumed in all, mL", (*onsite + *offsite) / kMillilitre});
    figures.push_back({"per_half_litre", "queries to 500 mL of water", kHalfLitre / (*onsite + *offsite)});
  }
  if (const auto& tco = training.cost->tco) {
    const Seconds occupied = energy / (trained.mean_it / static_cast<double>(training.accelerators));
    figures.push_back({"accelerator_s", "time of one accelerator at the power of the training, s", occupied / second});
    figures.push_back(
        {"tco_usd", "share of the cost of ownership, USD", occupied * tco->per_accelerator_hour / dollar});
  }
  if (!per_day) return figures;
  const double in_a_year = *per_day * (year / day);
  figures.push_back({"mean_facility_mw", "all queries: mean power at the meter, MW",
                     *per_day * share * trained.facility / day / megawatt});
  figures.push_back({"facility_mwh", "all queries: energy at the meter a year, MWh",
                     in_a_year * share * trained.facility / megawatt_hour});
  figures.push_back({"location_t", "all queries: CO2e a year, location-based, t", in_a_year * location / tonne});
  if (onsite && offsite)
    figures.push_back(
        {"water_m3", "all queries: water consumed a year, m³", in_a_year * (*onsite + *offsite) / cubic_metre});
  figures.push_back(
      {"days_to_training", "days until they have taken the energy of the training", 1 / (*per_day * share)});
  return figures;
}

}  // namespace traingrid

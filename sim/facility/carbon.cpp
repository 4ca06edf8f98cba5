#include "facility/carbon.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

/// What all contracts of a site generate at one moment, and emit with it.
class Generation {
 public:
  explicit Generation(const Grid& grid) : grid_(grid) {
    for (const Contract& contract : grid.contracts) shares_.push_back(contract.shares());
  }
  Watts power(Instant instant) const {
    Watts sum;
    for (std::size_t i = 0; i < shares_.size(); ++i) sum += shares_[i].at(instant) * grid_.contracts[i].power;
    return sum;
  }
  /// Of what it generates then.
  CarbonIntensity intensity(Instant instant) const {
    const Watts all = power(instant);
    CarbonIntensity mean;
    for (std::size_t i = 0; i < shares_.size() && all > Watts{}; ++i) {
      mean += shares_[i].at(instant) * grid_.contracts[i].power / all * grid_.contracts[i].intensity;
    }
    return mean;
  }

 private:
  const Grid& grid_;
  std::vector<Hourly<double>> shares_;
};

/// Emissions of what contracts leave, and of what they give; the rest is bought from the residual mix, or the grid.
void add_contracts(const EnergyResult& energy, const Grid& grid, CarbonResult& result) {
  const Generation generation(grid);
  const Hourly<CarbonIntensity> carbon = grid.carbon();
  ContractResult contracts;
  Joules matched;
  Kilograms of_contracts, of_rest, of_all_rest;
  for (const Reading& reading : energy.readings) {
    const Watts generated = generation.power(reading.begin), taken = std::min(generated, reading.facility);
    const CarbonIntensity rest = (1 - grid.certificates) * grid.residual_intensity.value_or(carbon.at(reading.begin));
    contracts.generated += generated * reading.duration;
    contracts.surplus += (generated - taken) * reading.duration;
    matched += taken * reading.duration;
    of_contracts += taken * reading.duration * generation.intensity(reading.begin);
    of_rest += (reading.facility - taken) * reading.duration * rest;
    of_all_rest += reading.facility * reading.duration * rest;
  }
  contracts.hourly_cfe = energy.facility > Joules{} ? matched / energy.facility : 0;
  contracts.annual_cfe = energy.facility > Joules{} ? std::min(1.0, contracts.generated / energy.facility) : 0;
  if (grid.matching == Matching::hourly) {
    result.market = of_contracts + of_rest;
  } else {
    const double given = matched > Joules{} ? contracts.annual_cfe * (energy.facility / matched) : 0;
    result.market = given * of_contracts + (1 - contracts.annual_cfe) * of_all_rest;
  }
  result.contracts = contracts;
}

Kilograms over(const std::vector<Reading>& readings, const Hourly<CarbonIntensity>& carbon) {
  Kilograms sum;
  for (const Reading& reading : readings) sum += reading.facility * reading.duration * carbon.at(reading.begin);
  return sum;
}

}  // namespace

CarbonResult carbon_of(const EnergyResult& energy, const Site& site, std::optional<Kilograms> embodied) {
  CarbonResult result{.embodied = embodied};
  const Hourly<CarbonIntensity> carbon = site.grid.carbon();
  if (site.grid.intensity) {
    result.location = energy.facility * *site.grid.intensity;
    result.intensity = *site.grid.intensity;
  } else {
    result.location = over(energy.readings, carbon);
    if (energy.facility > Joules{}) result.intensity = result.location / energy.facility;
  }
  if (site.grid.marginal) result.marginal = over(energy.readings, site.grid.caused());
  if (site.grid.market_intensity) result.market = energy.facility * *site.grid.market_intensity;
  if (!site.grid.contracts.empty() || site.grid.certificates > 0) add_contracts(energy, site.grid, result);
  return result;
}

std::vector<std::string> notes_on(const CarbonResult& carbon) {
  if (!carbon.contracts || carbon.contracts->generated == Joules{}) return {};
  const ContractResult& contracts = *carbon.contracts;
  std::vector<std::string> notes{fmt::format(
      "contracts cover {:.1f} % of the energy in the hour it is used (24/7) and {:.1f} % over the whole run",
      100 * contracts.hourly_cfe, 100 * contracts.annual_cfe)};
  if (contracts.surplus > Joules{}) {
    notes.push_back(
        fmt::format("contracts generate more than the site takes: {:.0f} of {:.0f} MWh are sold or "
                    "curtailed, and credited to nobody here",
                    contracts.surplus / megawatt_hour, contracts.generated / megawatt_hour));
  }
  return notes;
}

}  // namespace traingrid

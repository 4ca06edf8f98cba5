#include "facility/price.hpp"

#include <vector>

namespace traingrid {

std::optional<Dollars> electricity_cost(const EnergyResult& energy, const Site& site) {
  if (site.electricity_price && site.grid.contracts.empty()) return energy.facility * *site.electricity_price;
  const auto price = site.price();
  if (!price) return std::nullopt;
  std::vector<Hourly<double>> shares;
  for (const Contract& contract : site.grid.contracts) shares.push_back(contract.shares());
  Dollars sum;
  for (const Reading& reading : energy.readings) {
    Watts bought = reading.facility;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const Contract& contract = site.grid.contracts[i];
      if (!contract.price) continue;
      const Watts generated = shares[i].at(reading.begin) * contract.power;
      bought -= generated;
      sum += generated * reading.duration * *contract.price;
    }
    sum += bought * reading.duration * price->at(reading.begin);
  }
  return sum;
}

}  // namespace traingrid

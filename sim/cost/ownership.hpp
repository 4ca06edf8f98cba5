// What it takes to own accelerators: capital as annuities, halls or rented space, and what they cost to run.
// Values in platforms/accounting/ownership/*.yaml.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>

namespace traingrid {

/// What is bought once and written off over its life.
struct AssetRule {
  Seconds life;
  double residual = 0;  ///< share of the price that it still fetches then
  void describe(Fields& fields);

  /// The share of its price that an asset costs every year, interest included.
  double yearly_share(double interest) const;
};

/// Power of one accelerator with its share of everything else.
struct UnitPower {
  Watts contracted;  ///< IT power that halls are built for, or space is rented for
  Watts busy, idle;  ///< at the meter of the facility
  void describe(Fields& fields);
};

struct Ownership {
  std::string name;
  double interest = 0;  ///< per year
  AssetRule servers, facility;
  std::optional<Dollars> server_price;     ///< per accelerator; the catalogue's price of the day if absent
  double network_share = 0;                ///< of servers and network together
  PowerPrice facility_price;               ///< of halls, power and cooling per IT power
  PowerPrice colocation_per_month;         ///< instead of halls: rent per IT power
  double maintenance = 0;                  ///< per year, of the price of the servers
  PowerPrice operation_per_year;           ///< staff, spare parts, insurance, tax: per IT power
  std::optional<EnergyPrice> electricity;  ///< a landlord's; what the site pays if absent
  double utilisation = 1;                  ///< share of its life in which the machine works
  std::optional<UnitPower> power;          ///< that of the run if absent
  void describe(Fields& fields);
};

}  // namespace traingrid

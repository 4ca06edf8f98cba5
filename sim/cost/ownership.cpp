#include "cost/ownership.hpp"

#include <cmath>

namespace traingrid {

void AssetRule::describe(Fields& fields) {
  fields.required("life", life, "time over which it is written off", positive);
  fields.optional("residual", residual, "share of the price that it still fetches then", fraction);
}

double AssetRule::yearly_share(double interest) const {
  const double years = life / year;
  const double annuity = interest > 0 ? interest / (1 - std::pow(1 + interest, -years)) : 1 / years;
  return annuity * (1 - residual / std::pow(1 + interest, years));
}

void UnitPower::describe(Fields& fields) {
  fields.required("contracted", contracted, "IT power per accelerator that halls or rented space are paid for",
                  positive);
  fields.required("busy", busy, "power at the meter per accelerator at work", positive);
  fields.required("idle", idle, "power at the meter per accelerator without work", non_negative);
}

void Ownership::describe(Fields& fields) {
  fields.required("name", name, "who owns what, for people");
  fields.required("interest", interest, "cost of capital per year", non_negative);
  fields.required("servers", servers, "how servers and network are written off");
  fields.required("facility", facility, "how halls, power and cooling are written off");
  fields.optional("server_price", server_price,
                  "purchase price of a server per accelerator; without it, the catalogue's price of the day", positive);
  fields.required("network_share", network_share, "of the network in the price of servers and network", fraction);
  fields.check("network_share", network_share < 1, "'network_share' must leave something for the servers");
  fields.optional("facility_price", facility_price, "halls, power and cooling, per IT power", non_negative);
  fields.optional("colocation_per_month", colocation_per_month, "rent of space per IT power and month", non_negative);
  fields.optional("maintenance", maintenance, "per year, of the price of the servers", fraction);
  fields.optional("operation_per_year", operation_per_year,
                  "staff, spare parts, insurance and tax per IT power and year", non_negative);
  fields.optional("electricity", electricity,
                  "what a landlord takes for it; without it, what the site pays by the hour and under contract, else "
                  "Epoch AI's price of the year",
                  non_negative);
  fields.optional("utilisation", utilisation, "share of its life in which the machine works", positive_fraction);
  fields.optional("power", power, "power per accelerator; without it, that of the run");
}

}  // namespace traingrid

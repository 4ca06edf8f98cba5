// Total cost of ownership: what one accelerator with its share of everything costs in a year, in use or not, and from
// which use on it is cheaper than a rented one. Barroso, Hölzle and Ranganathan 2018, chapter 6 (annuity model).
#pragma once

#include "cluster/price.hpp"
#include "cost/epoch_accounting.hpp"
#include "cost/ownership.hpp"
#include "units/date.hpp"
#include "units/quantity.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace traingrid {

/// One accelerator with its share of server, network and hall. All powers are of that share.
struct OwnedUnit {
  Dollars servers, network;  ///< purchase prices
  UnitPower power;
  EnergyPrice electricity, water, carbon;  ///< what energy at the meter costs, and what comes with it
  Dollars demand;                          ///< demand charge of a year, whatever its use
};

/// Parts add up to the total.
struct TcoParts {
  Dollars servers, network, facility, colocation, maintenance, operation, electricity, demand, water, carbon;

  Dollars total() const;
};

struct TcoPart {
  std::string_view name;
  Dollars TcoParts::*amount;
};
inline constexpr std::array kTcoParts{
    TcoPart{"servers", &TcoParts::servers},
    TcoPart{"network", &TcoParts::network},
    TcoPart{"halls, power and cooling", &TcoParts::facility},
    TcoPart{"colocation", &TcoParts::colocation},
    TcoPart{"maintenance", &TcoParts::maintenance},
    TcoPart{"staff and other operation", &TcoParts::operation},
    TcoPart{"electricity", &TcoParts::electricity},
    TcoPart{"demand charge", &TcoParts::demand},
    TcoPart{"water", &TcoParts::water},
    TcoPart{"CO2 price", &TcoParts::carbon},
};

/// What a run costs its owner.
struct TcoCost {
  TcoParts parts;
  Dollars total;
  Dollars downtime;  ///< of the total, paid for time that was lost; zero where failures are not modelled
  HourlyPrice per_accelerator_hour;
  std::optional<Dollars> per_million_tokens;
  OwnedUnit unit;
};

/// Purchase price per accelerator with its share of the server: the last one of a whole server asked by that day, else
/// the first; a bare accelerator's, times the server's multiplier, where there is no other.
Dollars server_price_on(const Economics& economics, Date date, const EpochAccounting& accounting);

/// Of one unit that works during this share of the year. `utilisation` is above 0 and at most 1.
TcoParts yearly_cost(const OwnedUnit& unit, const Ownership& ownership, double utilisation);

/// Per hour of work.
HourlyPrice hourly_cost(const OwnedUnit& unit, const Ownership& ownership, double utilisation);

/// The share of the year from which on owning is cheaper than renting at that price; above 1 if it never is. Nothing if
/// the rent does not even pay for the electricity.
std::optional<double> break_even(const OwnedUnit& unit, const Ownership& ownership, HourlyPrice rent);

}  // namespace traingrid

// A type of link: line rate, what protocols leave of it, and the time a message step takes to cross it.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <string>

namespace traingrid {

struct LinkType {
  std::string name;
  Bandwidth bandwidth;           ///< line rate in one direction
  double efficiency = 0;         ///< share of it left to payload in large collectives
  Seconds latency;               ///< of one step of a collective of large messages across it
  double switch_efficiency = 0;  ///< share of it that reductions inside its switches reach; 0: they cannot
  Seconds startup;               ///< of a collective, beyond what the library takes
  double congestion = 0;  ///< share of the payload that collectives between nodes lose with every doubling of the nodes

  void describe(Fields& fields);
  friend bool operator==(const LinkType&, const LinkType&) = default;
  constexpr Bandwidth payload() const { return bandwidth * efficiency; }
};

}  // namespace traingrid

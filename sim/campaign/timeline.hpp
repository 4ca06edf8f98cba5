// A whole training run as facility and cost see it: stretches of time with the IT power drawn in each.
#pragma once

#include "units/quantity.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// Electrical power (or, over time, energy) at the IT boundary, by part. `hosts` holds CPU, memory, NIC, fans and PSU
/// loss.
template <class Q>
struct ItParts {
  Q accelerators, hosts, network, storage;

  constexpr Q total() const { return accelerators + hosts + network + storage; }
};
using ItPower = ItParts<Watts>;
using ItEnergy = ItParts<Joules>;

constexpr ItEnergy operator*(const ItPower& power, Seconds time) {
  return {power.accelerators * time, power.hosts * time, power.network * time, power.storage * time};
}
constexpr ItEnergy operator+(const ItEnergy& a, const ItEnergy& b) {
  return {a.accelerators + b.accelerators, a.hosts + b.hosts, a.network + b.network, a.storage + b.storage};
}
constexpr ItPower operator/(const ItEnergy& energy, Seconds time) {
  return {energy.accelerators / time, energy.hosts / time, energy.network / time, energy.storage / time};
}

/// A stretch of the run in which every step is alike: its mean power, and the highest power within its steps.
struct Segment {
  Seconds duration;
  double steps = 0;
  double tokens = 0;
  ItPower mean;
  Watts peak;
};

struct Timeline {
  std::vector<Segment> segments;  ///< in order, without gaps
  double accelerators = 0;        ///< that are paid for and powered, spares included

  Seconds duration() const {
    Seconds sum;
    for (const Segment& segment : segments) sum += segment.duration;
    return sum;
  }
  ItEnergy energy() const {
    ItEnergy sum;
    for (const Segment& segment : segments) sum = sum + segment.mean * segment.duration;
    return sum;
  }
  Watts peak() const {
    Watts highest;
    for (const Segment& segment : segments) highest = segment.peak > highest ? segment.peak : highest;
    return highest;
  }
};

}  // namespace traingrid

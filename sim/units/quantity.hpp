// Physical quantities whose dimension is part of their type: a swapped argument does not compile.
// Values are kept in SI base units (s, B, FLOP, J, kg, m3, USD); text in and out is in text.hpp.
#pragma once

#include <compare>

namespace traingrid {

/// Exponents of the base dimensions. Temperature is affine and has a type of its own (temperature.hpp).
struct Dimension {
  int time = 0, data = 0, work = 0, energy = 0, mass = 0, volume = 0, money = 0;

  friend constexpr bool operator==(Dimension, Dimension) = default;
  friend constexpr Dimension operator+(Dimension a, Dimension b) {
    return {a.time + b.time, a.data + b.data,     a.work + b.work,  a.energy + b.energy,
            a.mass + b.mass, a.volume + b.volume, a.money + b.money};
  }
  friend constexpr Dimension operator-(Dimension a, Dimension b) {
    return {a.time - b.time, a.data - b.data,     a.work - b.work,  a.energy - b.energy,
            a.mass - b.mass, a.volume - b.volume, a.money - b.money};
  }
};

/// A number in SI base units whose dimension is part of its type.
template <Dimension D>
struct Quantity {
  double si = 0;

  static constexpr Dimension dimension = D;

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.si + b.si}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.si - b.si}; }
  friend constexpr Quantity operator-(Quantity a) { return {-a.si}; }
  friend constexpr Quantity operator*(Quantity a, double factor) { return {a.si * factor}; }
  friend constexpr Quantity operator*(double factor, Quantity a) { return {a.si * factor}; }
  friend constexpr Quantity operator/(Quantity a, double divisor) { return {a.si / divisor}; }
  constexpr Quantity& operator+=(Quantity b) { return si += b.si, *this; }
  constexpr Quantity& operator-=(Quantity b) { return si -= b.si, *this; }
  constexpr Quantity& operator*=(double factor) { return si *= factor, *this; }
};

/// A ratio of equal dimensions is a plain number.
template <Dimension D, Dimension E>
constexpr auto operator/(Quantity<D> a, Quantity<E> b) {
  if constexpr (D == E) {
    return a.si / b.si;
  } else {
    return Quantity<D - E>{a.si / b.si};
  }
}

template <Dimension D, Dimension E>
constexpr auto operator*(Quantity<D> a, Quantity<E> b) {
  if constexpr (D + E == Dimension{}) {
    return a.si * b.si;
  } else {
    return Quantity<D + E>{a.si * b.si};
  }
}

template <Dimension D>
constexpr auto operator/(double a, Quantity<D> b) {
  return Quantity<Dimension{} - D>{a / b.si};
}

using Seconds = Quantity<Dimension{.time = 1}>;
using Bytes = Quantity<Dimension{.data = 1}>;
using Flop = Quantity<Dimension{.work = 1}>;
using Joules = Quantity<Dimension{.energy = 1}>;
using Kilograms = Quantity<Dimension{.mass = 1}>;
using CubicMetres = Quantity<Dimension{.volume = 1}>;
using Dollars = Quantity<Dimension{.money = 1}>;

using Bandwidth = decltype(Bytes{} / Seconds{});
using FlopRate = decltype(Flop{} / Seconds{});
using Watts = decltype(Joules{} / Seconds{});
using CarbonIntensity = decltype(Kilograms{} / Joules{});
using WaterIntensity = decltype(CubicMetres{} / Joules{});
using EnergyPrice = decltype(Dollars{} / Joules{});
using HourlyPrice = decltype(Dollars{} / Seconds{});
using PowerPrice = decltype(Dollars{} / Watts{});
using CarbonPrice = decltype(Dollars{} / Kilograms{});
using WaterPrice = decltype(Dollars{} / CubicMetres{});
using EnergyPerData = decltype(Joules{} / Bytes{});
using Pressure = decltype(Joules{} / CubicMetres{});
using SpecificEnergy = decltype(Joules{} / Kilograms{});
using MassFlow = decltype(Kilograms{} / Seconds{});
using VolumeFlow = decltype(CubicMetres{} / Seconds{});

// Units to build and to read quantities with: `duration / day` is the number of days.
inline constexpr Seconds second{1}, minute{60}, hour{3600}, day{86400}, year{365.25 * 86400};
inline constexpr Bytes byte{1}, gib{1024.0 * 1024 * 1024};
inline constexpr Flop flop{1}, teraflop{1e12};
inline constexpr Joules joule{1}, kilowatt_hour{3.6e6}, megawatt_hour{3.6e9};
inline constexpr Watts watt{1}, megawatt{1e6};
inline constexpr Pressure pascal{1};
inline constexpr Kilograms kilogram{1}, tonne{1000};
inline constexpr CubicMetres litre{1e-3}, cubic_metre{1};
inline constexpr Dollars dollar{1};

}  // namespace traingrid

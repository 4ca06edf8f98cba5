// Temperature is affine: differences add, temperatures do not.
#pragma once

#include <compare>

namespace traingrid {

/// A temperature in degrees Celsius; the difference of two is a plain number of kelvin.
struct Temperature {
  double celsius = 0;

  friend constexpr auto operator<=>(Temperature, Temperature) = default;
  friend constexpr double operator-(Temperature a, Temperature b) { return a.celsius - b.celsius; }
  friend constexpr Temperature operator+(Temperature a, double kelvin) { return {a.celsius + kelvin}; }
};

}  // namespace traingrid

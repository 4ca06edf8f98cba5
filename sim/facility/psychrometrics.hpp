// Moist air: saturation, humidity, enthalpy, wet bulb and dew point. ASHRAE Handbook Fundamentals 2017, chapter 1; its
// correlations are properties of water and air, not of a site, and stand in the code as the book prints them.
#pragma once

#include "units/quantity.hpp"
#include "units/temperature.hpp"

namespace traingrid {

/// Heat per kilogram and kelvin of dry air and of water.
inline constexpr SpecificEnergy kAirCapacity = 1006 * (joule / kilogram), kWaterCapacity = 4186 * (joule / kilogram);

/// Of water vapour over water, below 0.01 °C over ice; Hyland and Wexler 1983 (equations 5 and 6). −100 to 200 °C.
Pressure saturation_pressure(Temperature temperature);

/// Of the standard atmosphere (equation 3), at a height in metres above sea level.
Pressure pressure_at(double elevation_m);

/// Water per dry air, from the partial pressure of the vapour (equation 20), and back.
double humidity_ratio(Pressure vapour, Pressure total);
Pressure vapour_pressure(double humidity_ratio, Pressure total);
double saturated_humidity_ratio(Temperature temperature, Pressure total);

/// Of moist air per dry air, zero for dry air at 0 °C (equation 30).
SpecificEnergy enthalpy(Temperature dry_bulb, double humidity_ratio);

/// What evaporates a kilogram of water at this temperature.
SpecificEnergy latent_heat(Temperature temperature);

/// The humidity ratio of air with these temperatures (equations 33 and 35); below zero where no air can have them.
double humidity_ratio_at(Temperature dry_bulb, Temperature wet_bulb, Pressure total);

/// The inverse of humidity_ratio_at, to 1e-9 K by bisection; between −100 °C and the dry bulb.
Temperature wet_bulb(Temperature dry_bulb, double humidity_ratio, Pressure total);

/// The temperature at which the vapour is saturated, by bisection; between −100 °C and 100 °C.
Temperature dew_point(double humidity_ratio, Pressure total);

/// Stull 2011, doi 10.1175/JAMC-D-11-0143.1: a closed form at sea level for 5 to 99 % and −20 to 50 °C, −1 to +0.65 K
/// off. `relative` is the relative humidity from 0 to 1.
Temperature stull_wet_bulb(Temperature dry_bulb, double relative);

/// The state of outside air, as plants see it.
struct Air {
  Temperature dry_bulb, wet_bulb, dew_point;
  double humidity_ratio = 0;
  Pressure pressure;
};
Air air_of_wet_bulb(Temperature dry_bulb, Temperature wet_bulb, Pressure pressure);

enum class WetBulb { iterative, stull };
/// `relative` is the relative humidity from 0 to 1.
Air air_of_humidity(Temperature dry_bulb, double relative, Pressure pressure, WetBulb method);

}  // namespace traingrid

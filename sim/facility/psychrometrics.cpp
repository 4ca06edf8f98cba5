#include "facility/psychrometrics.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// Molar mass of water over that of dry air.
constexpr double kMolarRatio = 0.621945;
constexpr SpecificEnergy kJoulePerKilogram = joule / kilogram;
/// Per kelvin.
constexpr SpecificEnergy kVapourCapacity = 1860 * kJoulePerKilogram, kIceCapacity = 2100 * kJoulePerKilogram;
/// Of vapour at 0 °C over water, and over ice.
constexpr SpecificEnergy kEvaporation = 2'501'000 * kJoulePerKilogram, kSublimation = 2'830'000 * kJoulePerKilogram;
/// How the latent heat falls per kelvin.
constexpr SpecificEnergy kEvaporationSlope = 2'326 * kJoulePerKilogram, kSublimationSlope = 240 * kJoulePerKilogram;

constexpr Temperature kColdest{-100}, kHottest{100};

/// The temperature between two at which a rising function becomes positive.
template <class Function>
Temperature bisect(Temperature low, Temperature high, Function function) {
  constexpr int kHalvings = 40;
  for (int i = 0; i < kHalvings; ++i) {
    const Temperature middle{(low.celsius + high.celsius) / 2};
    (function(middle) > 0 ? high : low) = middle;
  }
  return low;
}

}  // namespace

Pressure saturation_pressure(Temperature temperature) {
  constexpr double kTriplePoint = 0.01, kZeroCelsius = 273.15;
  const double t = temperature.celsius + kZeroCelsius;
  if (temperature.celsius < kTriplePoint) {
    return std::exp(-5.6745359e3 / t + 6.3925247 +
                    t * (-9.677843e-3 + t * (6.2215701e-7 + t * (2.0747825e-9 - 9.484024e-13 * t))) +
                    4.1635019 * std::log(t)) *
           pascal;
  }
  return std::exp(-5.8002206e3 / t + 1.3914993 + t * (-4.8640239e-2 + t * (4.1764768e-5 - 1.4452093e-8 * t)) +
                  6.5459673 * std::log(t)) *
         pascal;
}

Pressure pressure_at(double elevation_m) { return 101'325 * pascal * std::pow(1 - 2.25577e-5 * elevation_m, 5.25588); }

double humidity_ratio(Pressure vapour, Pressure total) { return kMolarRatio * (vapour / (total - vapour)); }

Pressure vapour_pressure(double humidity_ratio, Pressure total) {
  return total * (humidity_ratio / (kMolarRatio + humidity_ratio));
}

double saturated_humidity_ratio(Temperature temperature, Pressure total) {
  return humidity_ratio(saturation_pressure(temperature), total);
}

SpecificEnergy enthalpy(Temperature dry_bulb, double humidity_ratio) {
  return dry_bulb.celsius * kAirCapacity + humidity_ratio * (kEvaporation + dry_bulb.celsius * kVapourCapacity);
}

SpecificEnergy latent_heat(Temperature temperature) { return kEvaporation - temperature.celsius * kEvaporationSlope; }

double humidity_ratio_at(Temperature dry_bulb, Temperature wet_bulb, Pressure total) {
  const double t = dry_bulb.celsius, w = wet_bulb.celsius;
  const bool ice = w < 0;
  const SpecificEnergy latent = ice ? kSublimation - w * kSublimationSlope : latent_heat(wet_bulb);
  const SpecificEnergy carried =
      t * kVapourCapacity + (ice ? kSublimation - w * kIceCapacity : kEvaporation - w * kWaterCapacity);
  return (saturated_humidity_ratio(wet_bulb, total) * latent - (t - w) * kAirCapacity) / carried;
}

Temperature wet_bulb(Temperature dry_bulb, double humidity_ratio, Pressure total) {
  return bisect(kColdest, dry_bulb,
                [&](Temperature wet) { return humidity_ratio_at(dry_bulb, wet, total) - humidity_ratio; });
}

Temperature dew_point(double humidity_ratio, Pressure total) {
  const Pressure vapour = vapour_pressure(humidity_ratio, total);
  return bisect(kColdest, kHottest, [&](Temperature dew) { return (saturation_pressure(dew) - vapour) / pascal; });
}

Temperature stull_wet_bulb(Temperature dry_bulb, double relative) {
  const double t = dry_bulb.celsius, percent = 100 * relative;
  return {t * std::atan(0.151977 * std::sqrt(percent + 8.313659)) + std::atan(t + percent) -
          std::atan(percent - 1.676331) + 0.00391838 * std::pow(percent, 1.5) * std::atan(0.023101 * percent) -
          4.686035};
}

Air air_of_wet_bulb(Temperature dry_bulb, Temperature wet_bulb, Pressure pressure) {
  const double ratio = std::max(0.0, humidity_ratio_at(dry_bulb, wet_bulb, pressure));
  return {dry_bulb, wet_bulb, dew_point(ratio, pressure), ratio, pressure};
}

Air air_of_humidity(Temperature dry_bulb, double relative, Pressure pressure, WetBulb method) {
  const double ratio = humidity_ratio(relative * saturation_pressure(dry_bulb), pressure);
  const Temperature wet =
      method == WetBulb::stull ? stull_wet_bulb(dry_bulb, relative) : wet_bulb(dry_bulb, ratio, pressure);
  return {dry_bulb, wet, dew_point(ratio, pressure), ratio, pressure};
}

}  // namespace traingrid

#include "input/uncertain.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// Share of the cases between the 5th and the 95th percentile, to one side of the middle.
constexpr double kWithin = 0.45;

/// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every bit of the result depends on every bit
/// given.
constexpr std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

/// Share of a standard normal that is below z.
double normal(double z) { return std::erfc(-z / std::sqrt(2)) / 2; }

/// The z below which the share `u` of a standard normal is, by bisection: as exact as `normal` is.
double normal_quantile(double u) {
  double below = -40, above = 40;
  for (int i = 0; i < 64; ++i) {
    const double z = (below + above) / 2;
    (normal(z) < u ? below : above) = z;
  }
  return above;
}

const double kZ95 = normal_quantile(0.5 + kWithin);

double triangular_quantile(const Uncertain& value, double u) {
  const double width = value.high - value.low, left = (value.mid - value.low) / width;
  if (u < left) return value.low + std::sqrt(u * width * (value.mid - value.low));
  return value.high - std::sqrt((1 - u) * width * (value.high - value.mid));
}

double triangular_share(const Uncertain& value, double x) {
  if (x <= value.low) return 0;
  if (x >= value.high) return 1;
  const double width = value.high - value.low;
  if (x < value.mid) return (x - value.low) * (x - value.low) / (width * (value.mid - value.low));
  return 1 - (value.high - x) * (value.high - x) / (width * (value.high - value.mid));
}

double lognormal_quantile(const Uncertain& value, double u) {
  const double z = normal_quantile(u);
  return value.mid * std::pow(z < 0 ? value.mid / value.low : value.high / value.mid, z / kZ95);
}

double lognormal_share(const Uncertain& value, double x) {
  if (x <= 0) return 0;
  const double side = x < value.mid ? value.mid / value.low : value.high / value.mid;
  if (side == 1) return x < value.mid ? 0 : 1;
  return normal(kZ95 * std::log(x / value.mid) / std::log(side));
}

}  // namespace

double Draw::uniform(std::uint64_t key) const {
  const std::uint64_t bits = mixed(mixed(mixed(seed + 0x9e3779b97f4a7c15) ^ key) + sample * 0x9e3779b97f4a7c15);
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

double Uncertain::quantile(double u) const {
  if (is_certain()) return mid;
  const bool triangle = distribution == Distribution::triangular;
  const auto share = [&](double x) { return triangle ? triangular_share(*this, x) : lognormal_share(*this, x); };
  const double below = share(range.low), inside = share(range.high) - below;
  const double of_all = below + u * inside;
  const double value = triangle ? triangular_quantile(*this, of_all) : lognormal_quantile(*this, of_all);
  return std::clamp(value, range.low, range.high);
}

Uncertain within(double mid, double share, Distribution distribution) {
  if (distribution == Distribution::lognormal) return {distribution, mid * (1 - share), mid, mid * (1 + share)};
  // A symmetric triangle has the share (1 − x)²/2 of all cases beyond the part x of the way to its end.
  const double end = share / (1 - std::sqrt(1 - 2 * kWithin));
  return {distribution, mid * (1 - end), mid, mid * (1 + end)};
}

}  // namespace traingrid

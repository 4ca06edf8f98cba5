// Electricity that a site buys from named generators: power purchase agreements, with what they generate by the hour.
#pragma once

#include "facility/climate.hpp"
#include "facility/hourly.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace traingrid {

/// What `platforms/profiles/*.yaml` holds: generation as a share of the capacity.
struct Profile {
  std::string name;
  TypicalDays share;
  Seconds utc_offset;

  void describe(Fields& fields);
};

/// A power purchase agreement.
struct Contract {
  std::string name;
  Watts power;                       ///< capacity that is bought
  std::optional<Profile> profile;    ///< without one, all of it at all hours
  CarbonIntensity intensity;         ///< of what it generates
  std::optional<EnergyPrice> price;  ///< for all that it generates, needed or not

  void describe(Fields& fields);
  Hourly<double> shares() const;
};

/// Over which time generation under contracts counts as consumed.
enum class Matching { hourly, annual };
template <>
struct Spellings<Matching> {
  static constexpr std::array<std::string_view, 2> names{"hourly", "annual"};
};

}  // namespace traingrid

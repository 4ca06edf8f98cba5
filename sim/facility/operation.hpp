// Running when electricity is clean or cheap: a run that starts later, pauses, or slows down, and the time that costs.
#pragma once

#include "campaign/timeline.hpp"
#include "input/fields.hpp"
#include "units/instant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Site;

/// What a capped accelerator still does: speed = ((power − fixed) / (1 − fixed))^(1/exponent), power and fixed over the
/// power of the run without a cap.
struct PowerCap {
  double power = 1;     ///< of the run while it is slowed down
  double fixed = 0;     ///< power that does no work
  double exponent = 1;  ///< of power over speed

  void describe(Fields& fields);
  double speed() const;
};

/// Rules of a site. An hour is bad if its emissions or its price are above a threshold.
struct OperatingRules {
  std::optional<CarbonIntensity> above_intensity;
  std::optional<EnergyPrice> above_price;
  std::optional<PowerCap> cap;  ///< bad hours are run slowly; without it, not at all
  double paused_power = 0;      ///< of the run while it pauses, over that while it runs
  Seconds longest_pause;        ///< after which it goes on for as long, whatever the hour
  Seconds start_within;         ///< the start may move by whole hours to where the run emits least

  void describe(Fields& fields);
};

/// A run as it was operated.
struct Operated {
  Timeline timeline;
  Instant start{};
  Seconds shifted;  ///< later start
  Seconds lost;     ///< longer run
};

/// Without rules, the run as it was planned.
Operated operate(const Timeline& timeline, const Site& site, Instant start);

std::vector<std::string> notes_on(const Operated& operated, const Site& site);

}  // namespace traingrid

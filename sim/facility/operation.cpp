#include "facility/operation.hpp"

#include "facility/carbon.hpp"
#include "facility/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// Which hours are bad, with pauses that end.
class Rules {
 public:
  Rules(const OperatingRules& operation, const Site& site)
      : operation_(operation), carbon_(site.grid.caused()), price_(site.price()) {}

  /// Asked hour by hour, in order.
  bool is_bad(Instant instant, Seconds duration) {
    const bool dirty = operation_.above_intensity && carbon_.at(instant) > *operation_.above_intensity;
    const bool dear = operation_.above_price && price_ && price_->at(instant) > *operation_.above_price;
    if (!dirty && !dear) {
      in_a_row_ = {};
      return false;
    }
    const bool patient = in_a_row_ < operation_.longest_pause;
    in_a_row_ += duration;
    if (in_a_row_ >= 2 * operation_.longest_pause) in_a_row_ = {};
    return patient;
  }

 private:
  const OperatingRules& operation_;
  Hourly<CarbonIntensity> carbon_;
  std::optional<Hourly<EnergyPrice>> price_;
  Seconds in_a_row_;  ///< of bad hours, as long as the pause and the going on after it
};

ItPower scaled(const ItPower& power, double factor) {
  return {factor * power.accelerators, factor * power.hosts, factor * power.network, factor * power.storage};
}

/// Part of a segment, which does `speed` times what it does at full power in as much time.
Segment part_of(const Segment& segment, Seconds duration, double speed, double power) {
  const double share = duration * speed / segment.duration;
  return {duration, share * segment.steps, share * segment.tokens, scaled(segment.mean, power), power * segment.peak};
}

/// The run with its bad hours slowed down or left out.
Timeline with_rules(const Timeline& timeline, const OperatingRules& operation, const Site& site, Instant start) {
  Rules rules(operation, site);
  const double slow = operation.cap ? operation.cap->speed() : 0;
  const double power = operation.cap ? operation.cap->power : operation.paused_power;
  Timeline operated{.accelerators = timeline.accelerators};
  Instant now = start;
  for (const Segment& segment : timeline.segments) {
    for (Seconds work = segment.duration; work > Seconds{};) {
      const Seconds until = site.next_change(now, now + hour) - now;
      const bool bad = rules.is_bad(now, until);
      const double speed = bad ? slow : 1;
      const Seconds duration = speed > 0 ? std::min(until, work / speed) : until;
      operated.segments.push_back(part_of(segment, duration, speed, bad ? power : 1));
      const bool last = speed > 0 && duration < until;
      work = last ? Seconds{} : work - speed * duration;
      now = now + duration;
    }
  }
  return operated;
}

/// The start within the window with the least emissions; the earliest of equals.
Instant best_start(const Timeline& timeline, const Site& site, Instant start, Seconds within) {
  Instant best = start;
  std::optional<Kilograms> least;
  for (Seconds later; later <= within; later += hour) {
    const CarbonResult carbon = carbon_of(energy_of(timeline, site, start + later), site, std::nullopt);
    const Kilograms emitted = carbon.marginal.value_or(carbon.location);
    if (least && emitted >= *least) continue;
    least = emitted;
    best = start + later;
  }
  return best;
}

}  // namespace

void PowerCap::describe(Fields& fields) {
  fields.required("power", power, "of the run while it is slowed down, over that without a cap", positive_fraction);
  fields.required("fixed", fixed, "power that does no work, over that without a cap", fraction);
  fields.required("exponent", exponent, "of power over speed", at_least_one);
  fields.check("power", power > fixed, "a cap at or below the power that does no work stops the run; leave 'cap' out");
}

double PowerCap::speed() const { return std::pow((power - fixed) / (1 - fixed), 1 / exponent); }

void OperatingRules::describe(Fields& fields) {
  fields.optional("above_intensity", above_intensity, "hours with more emissions per energy than this are bad");
  fields.optional("above_price", above_price, "hours with dearer electricity than this are bad");
  fields.optional("cap", cap, "bad hours are run at less power; without it, the run pauses in them");
  fields.optional("paused_power", paused_power, "IT power of a pause over that of the run", fraction);
  fields.optional("longest_pause", longest_pause, "after which it goes on for as long, whatever the hour", positive);
  fields.optional("start_within", start_within, "the run may start so much later, at the hour when it emits least",
                  non_negative);
  const bool threshold = above_intensity || above_price;
  fields.check("cap", !cap || threshold, "a cap needs hours to be bad: 'above_intensity' or 'above_price'");
  fields.check("above_intensity", !above_intensity || longest_pause > Seconds{}, "state 'longest_pause' as well");
  fields.check("above_price", !above_price || longest_pause > Seconds{}, "state 'longest_pause' as well");
}

Operated operate(const Timeline& timeline, const Site& site, Instant start) {
  Operated operated{timeline, start, {}, {}};
  if (!site.operation || site.is_steady()) return operated;
  const OperatingRules& operation = *site.operation;
  operated.start = best_start(timeline, site, start, operation.start_within);
  operated.shifted = operated.start - start;
  if (operation.above_intensity || operation.above_price) {
    operated.timeline = with_rules(timeline, operation, site, operated.start);
    operated.lost = operated.timeline.duration() - timeline.duration();
  }
  return operated;
}

std::vector<std::string> notes_on(const Operated& operated, const Site& site) {
  if (!site.operation) return {};
  if (site.is_steady()) return {"'operation' has no effect: nothing of the site changes from hour to hour"};
  return {
      fmt::format("operated by the site's rules: starts {:.1f} days later and takes {:.2f} days longer than without "
                  "them",
                  operated.shifted / day, operated.lost / day)};
}

}  // namespace traingrid

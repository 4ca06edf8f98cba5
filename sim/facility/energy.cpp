#include "facility/energy.hpp"

#include "facility/plant.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// The overhead of a site at any moment.
class Meter {
 public:
  Meter(const Site& site, Watts highest_it) : site_(site), design_(site.design_power.value_or(highest_it)) {}

  Overhead overhead(Watts it, Instant instant) const {
    return site_.cooling ? plant_overhead(site_, it, design_, site_.weather->air.at(instant))
                         : constant_overhead(site_, it);
  }

 private:
  const Site& site_;
  Watts design_;
};

}  // namespace

EnergyResult energy_of(const Timeline& timeline, const Site& site, Instant start) {
  EnergyResult result{.it = timeline.energy().total(), .peak_it = timeline.peak(), .it_parts = timeline.energy()};
  const Meter meter(site, timeline.peak());
  Seconds free;
  Instant begin = start;
  for (const Segment& segment : timeline.segments) {
    const Instant end = begin + segment.duration;
    for (Seconds left = segment.duration; left > Seconds{};) {
      const Instant next = site.next_change(begin, end);
      const Seconds duration = next == end ? left : next - begin;
      const Overhead mean = meter.overhead(segment.mean.total(), begin);
      result.conversion += mean.conversion * duration;
      result.cooling += mean.cooling * duration;
      result.other += mean.other * duration;
      result.peak_facility = std::max(result.peak_facility, segment.peak + meter.overhead(segment.peak, begin).total());
      if (mean.free) free += duration;
      result.readings.push_back(
          {begin, duration, segment.mean.total(), segment.mean.total() + mean.total(), mean.water, mean.free});
      left = next == end ? Seconds{} : left - duration;
      begin = next;
    }
  }
  result.facility = result.it + result.conversion + result.cooling + result.other;
  result.pue = result.it > Joules{} ? result.facility / result.it : site.pue.value_or(1);
  if (timeline.duration() > Seconds{}) result.mean_it = result.it / timeline.duration();
  if (site.cooling && begin > start) result.free_cooling = free / (begin - start);
  return result;
}

}  // namespace traingrid

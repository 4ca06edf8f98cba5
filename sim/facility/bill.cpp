#include "facility/bill.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace traingrid {
namespace {

constexpr Seconds kQuarter = 15 * minute;

Instant start_of_month(Instant instant, int months_later) {
  const std::chrono::year_month_day day{date_of(instant).days};
  return midnight(Date{std::chrono::sys_days{day.year() / day.month() / 1 + std::chrono::months{months_later}}});
}

/// Mean power of the quarters of an hour of one month, of which only the highest is kept.
class QuarterMeter {
 public:
  void add(Instant begin, Seconds duration, Watts power) {
    while (duration > Seconds{}) {
      const double quarters = std::floor(begin.since_epoch / kQuarter);
      const Seconds until = (quarters + 1) * kQuarter - begin.since_epoch;
      // Whole quarters of one power are alike: all of them at once.
      const bool aligned = until == kQuarter && duration >= kQuarter;
      const Seconds part = aligned ? std::floor(duration / kQuarter) * kQuarter : std::min(until, duration);
      if (quarters != quarter_) taken_ = {};
      quarter_ = quarters;
      taken_ += (aligned ? kQuarter : part) * power;
      highest_ = std::max(highest_, taken_ / kQuarter);
      if (aligned) taken_ = {};
      begin = begin + part;
      duration -= part;
    }
  }
  Watts highest() const { return highest_; }

 private:
  double quarter_ = -1;
  Joules taken_;
  Watts highest_;
};

/// What all contracts with a price generate at a moment, and what they cost then.
struct Priced {
  Watts generated;
  HourlyPrice paid;
};
Priced priced_at(const Site& site, const std::vector<Hourly<double>>& shares, Instant instant) {
  Priced sum;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Contract& contract = site.grid.contracts[i];
    if (!contract.price) continue;
    const Watts generated = shares[i].at(instant) * contract.power;
    sum.generated += generated;
    sum.paid += generated * *contract.price;
  }
  return sum;
}

}  // namespace

std::optional<Dollars> electricity_cost(const EnergyResult& energy, const Site& site) {
  if (site.electricity_price && site.grid.contracts.empty()) return energy.facility * *site.electricity_price;
  const auto price = site.price();
  if (!price) return std::nullopt;
  std::vector<Hourly<double>> shares;
  for (const Contract& contract : site.grid.contracts) shares.push_back(contract.shares());
  Dollars sum;
  for (const Reading& reading : energy.readings) {
    const Priced contracts = priced_at(site, shares, reading.begin);
    const Watts bought = std::max(Watts{}, reading.facility - contracts.generated);
    const Watts left = std::max(Watts{}, contracts.generated - reading.facility);
    const EnergyPrice now = price->at(reading.begin);
    const EnergyPrice fetched = site.grid.surplus_price.value_or(now);
    sum += reading.duration * (contracts.paid + bought * now - left * fetched);
  }
  return sum;
}

Dollars demand_charge(const EnergyResult& energy, PowerPrice per_month) {
  Dollars sum;
  auto reading = energy.readings.begin();
  if (reading == energy.readings.end() || per_month == PowerPrice{}) return sum;
  Instant now = reading->begin;
  Seconds left = reading->duration;
  while (reading != energy.readings.end()) {
    const Instant month = start_of_month(now, 0), next = start_of_month(now, 1), first = now;
    QuarterMeter meter;
    while (reading != energy.readings.end() && now < next) {
      const Seconds part = std::min(left, next - now);
      meter.add(now, part, reading->facility);
      left -= part;
      now = now + part;
      if (left > Seconds{}) continue;
      if (++reading != energy.readings.end()) left = reading->duration;
    }
    sum += (now - first) / (next - month) * (meter.highest() * per_month);
  }
  return sum;
}

Bill bill_of(const EnergyResult& energy, const WaterResult& water, const CarbonResult& carbon, const Site& site) {
  return {.electricity = electricity_cost(energy, site),
          .demand = demand_charge(energy, site.demand_charge_per_month),
          .water = water.onsite.value_or(CubicMetres{}) * site.water_price,
          .carbon = carbon.location * site.carbon_price};
}

}  // namespace traingrid

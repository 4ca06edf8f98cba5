// Epoch AI's amortised cost of a training run: hardware at the value it had left, its network, and electricity.
// Cottier et al. 2024, arXiv 2405.21015, appendix A; the same steps as the authors' cost_analysis_standalone.py.
#pragma once

#include "cluster/price.hpp"
#include "cost/epoch_accounting.hpp"
#include "units/date.hpp"
#include "units/quantity.hpp"

#include <optional>
#include <string>

namespace traingrid {

/// What was metered of a run, and what the site paid for it per energy at its meter.
struct Metered {
  Watts it_peak;                           ///< highest IT power, per accelerator
  Watts busy, idle;                        ///< at the meter of the facility, per accelerator: mean, without work
  std::optional<EnergyPrice> electricity;  ///< nothing if the site states no price
  EnergyPrice water, carbon;
  PowerPrice demand_per_year;  ///< demand charge per mean power
  double goodput = 1;          ///< share of the time that was useful
};

/// What accountings need to know about a run.
struct CostedRun {
  Date start;
  std::optional<Date> publication;  ///< its year sets the price of electricity; without it, the year of the start does
  std::string organisation;         ///< decides PUE and cloud vendor; several are separated by commas
  double accelerators = 0;          ///< paid for, spares included
  Seconds accelerator_time;         ///< accelerators × duration
  double tokens = 0;                ///< trained on; 0 if unknown
  double contributors = 0;          ///< named as such; 0 if unknown
  std::optional<Metered> metered;

  Date dated() const { return publication.value_or(start); }
};

/// Epoch AI's accounting (Cottier et al. 2024), in nominal USD of the run.
struct EpochCost {
  Dollars hardware, interconnect, energy, total, upfront;
  Joules energy_used;  ///< of Epoch's own TDP model, not of the simulation
};

/// The day hardware could first be had, and the price of one accelerator with its share of the server on that day.
struct Acquisition {
  Date date;
  Dollars price;
};
Acquisition acquisition_of(const Economics& economics, const EpochAccounting& accounting);

EpochCost epoch_cost(const Economics& economics, const CostedRun& run, const EpochAccounting& accounting);

/// The day `time` later, to the nearest day; earlier if `time` is negative.
Date shifted(Date date, Seconds time);

/// When a run of this length is taken to have started, if only its publication is known.
Date assumed_start(Date publication, Seconds training_time, const EpochAccounting& accounting);

/// The same amount in dollars of another month; nothing if the index does not list both months.
std::optional<Dollars> index_adjusted(Dollars amount, Date from, Date to, const PriceIndex& index);

}  // namespace traingrid

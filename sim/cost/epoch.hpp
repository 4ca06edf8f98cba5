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

/// What accountings need to know about a run.
struct CostedRun {
  Date start;
  std::optional<Date> publication;  ///< its year sets the price of electricity; without it, the year of the start does
  std::string organisation;         ///< decides PUE and cloud vendor; several are separated by commas
  double accelerators = 0;          ///< paid for, spares included
  Seconds accelerator_time;         ///< accelerators × duration

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

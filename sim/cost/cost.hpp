// All accountings of a run's cost side by side. One file and one line of kAccountings each.
#pragma once

#include "cluster/price.hpp"
#include "cost/epoch.hpp"
#include "cost/epoch_accounting.hpp"
#include "cost/ownership.hpp"
#include "cost/tco.hpp"
#include "units/quantity.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Epoch AI's cost of a whole development: experiments are like the final run, people are paid.
struct DevelopmentCost {
  EpochCost final_run;
  Dollars experiments, staff, total;
};

/// Nominal USD of the run; empty where an accounting lacks what it needs.
struct CostResult {
  CostedRun run;  ///< that was accounted for
  std::optional<EpochCost> epoch;
  std::optional<Dollars> cloud;
  std::optional<TcoCost> tco;
  std::optional<DevelopmentCost> development;  ///< of what states its contributors
  std::optional<int> price_year;
};

struct CostInputs {
  const Economics& economics;
  const CostedRun& run;
  const EpochAccounting& epoch;
  const Ownership* ownership = nullptr;  ///< null: not owned
};

/// Each fills the fields of the result that are its own.
void add_epoch(const CostInputs& inputs, CostResult& result);
void add_cloud(const CostInputs& inputs, CostResult& result);
void add_tco(const CostInputs& inputs, CostResult& result);
void add_development(const CostInputs& inputs, CostResult& result);

struct Accounting {
  std::string_view name;
  std::string_view summary;
  void (*add)(const CostInputs& inputs, CostResult& result);
};
inline constexpr std::array kAccountings{
    Accounting{"epoch", "amortised hardware, interconnect and energy, and upfront purchase (Epoch AI)", add_epoch},
    Accounting{"cloud", "the same accelerator-hours rented on a three-year commitment (Epoch AI)", add_cloud},
    Accounting{"development", "final run, experiments and people (Epoch AI)", add_development},
    Accounting{"tco", "annuities of servers, network and halls, and what they cost to run", add_tco},
};

CostResult cost_of(const CostInputs& inputs);

/// Assumptions that were made for want of data, one sentence each.
std::vector<std::string> notes_on(const CostInputs& inputs);

}  // namespace traingrid

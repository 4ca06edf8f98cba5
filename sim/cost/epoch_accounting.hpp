// The constants and look-up rules of Epoch AI's accounting of training costs; values in platforms/accounting/*.yaml.
// Cottier et al. 2024, "The rising costs of training frontier AI models", arXiv 2405.21015, and its published code.
#pragma once

#include "cluster/price.hpp"
#include "input/fields.hpp"
#include "units/date.hpp"
#include "units/quantity.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

/// What differs between GPUs and TPUs.
struct KindRule {
  Seconds acquisition_delay;               ///< from release to the first deliveries
  bool valued_before_acquisition = false;  ///< a run may start earlier, at a higher value
  double power_fraction = 0;               ///< mean power while training, of the server's TDP
  std::optional<std::string> only_vendor;  ///< rented from nobody else

  void describe(Fields& fields);
};

struct FamilyMultipliers {
  double server_cost = 1;   ///< price of a server share over the price of a single accelerator
  double server_power = 1;  ///< TDP of a server share over the TDP of the accelerator

  void describe(Fields& fields);
};

/// Off the on-demand price, for a commitment.
struct CommitmentDiscount {
  double one_year = 0, three_year = 0;

  void describe(Fields& fields);
};

/// Which cloud an organisation is taken to rent from.
struct CloudRules {
  std::map<std::string, std::string> vendor_of;  ///< by a lower-case part of the organisation's name
  std::string other_vendor;
  std::vector<std::string> vendor_order;  ///< tried next where the vendor has no price
  std::map<std::string, CommitmentDiscount> discounts;
  Seconds lead;  ///< from renting to the start of training

  void describe(Fields& fields);
};

/// What the development of a model costs beyond its final run: computing of experiments, and people.
struct DevelopmentRules {
  double computing = 1;  ///< of all experiments and the final run, over that of the final run
  Seconds time_each;     ///< that one who is named as a contributor worked on it, full time
  Dollars yearly_pay;    ///< of one in full time, all that is paid
  void describe(Fields& fields);
};

struct PriceIndex {
  std::string series;
  std::map<std::string, double> months;  ///< by "2020-05"

  void describe(Fields& fields);
};

struct EpochAccounting {
  double hardware_progress = 0;   ///< price-performance, in orders of magnitude per year
  double interconnect_share = 0;  ///< of the cost of a cluster
  KindRule gpu, tpu;
  std::map<std::string, FamilyMultipliers> families;
  FamilyMultipliers other_family;
  std::vector<std::string> hyperscalers;  ///< lower-case parts of organisations' names
  double hyperscaler_pue = 1, other_pue = 1;
  std::map<std::string, EnergyPrice> electricity_price;  ///< by year
  CloudRules cloud;
  Seconds publication_lag;  ///< from the end of training to publication
  PriceIndex price_index;
  DevelopmentRules development;

  void describe(Fields& fields);

  const KindRule& rule_of(AcceleratorKind kind) const;
  const FamilyMultipliers& multipliers_of(const std::string& family) const;  ///< other_family where not listed
  double pue_of(const std::string& organisation) const;
  std::string vendor_of(const std::string& organisation) const;  ///< of the last of "A, B, C" that has one
  EnergyPrice electricity_price_in(int calendar_year) const;     ///< the latest listed by then, else the first
};

}  // namespace traingrid

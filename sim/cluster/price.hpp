// What an accelerator costs and what its making emitted: the facts that accountings work from.
// Prices are observations with a date; the accountings in cost/ choose among them.
#pragma once

#include "input/fields.hpp"
#include "units/date.hpp"
#include "units/quantity.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

enum class AcceleratorKind { gpu, tpu };
template <>
struct Spellings<AcceleratorKind> {
  static constexpr std::array<std::string_view, 2> names{"gpu", "tpu"};
};

/// A purchase price per accelerator.
struct HardwarePrice {
  Date date;
  Dollars price;
  bool includes_server = false;  ///< the price of a whole server (DGX, HGX) divided by its accelerators

  void describe(Fields& fields);
  friend bool operator==(const HardwarePrice&, const HardwarePrice&) = default;
};

/// Rental prices per accelerator that one vendor asked on one day; absent where not offered or not recorded.
struct CloudPrice {
  Date date;
  std::string vendor;
  std::optional<HourlyPrice> on_demand, one_year, three_year;

  void describe(Fields& fields);
  friend bool operator==(const CloudPrice&, const CloudPrice&) = default;
};

/// Greenhouse gases emitted by making one unit; studies differ, so the spread is kept beside the value used.
struct EmbodiedCarbon {
  Kilograms mid;
  std::optional<Kilograms> low, high;

  void describe(Fields& fields);
  friend bool operator==(const EmbodiedCarbon&, const EmbodiedCarbon&) = default;
};

/// The `economics` section of an accelerator.
struct Economics {
  AcceleratorKind kind = AcceleratorKind::gpu;
  std::string family;  ///< row of the accounting's multipliers: "V100", "A100", "TPU v4", …
  Date release;
  Watts tdp;  ///< of the chip, as the accounting counts it
  std::vector<HardwarePrice> prices;
  std::vector<CloudPrice> cloud;
  std::optional<EmbodiedCarbon> embodied;

  void describe(Fields& fields);
  friend bool operator==(const Economics&, const Economics&) = default;
};

}  // namespace traingrid

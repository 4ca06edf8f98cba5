// Commands that count with the result of one run: the result itself, and how what becomes of it is written.
#pragma once

#include "cli/options.hpp"
#include "report/listing.hpp"

#include <optional>
#include <string>

namespace traingrid {

struct Scaled {
  Point point;
  Result result;
};
/// Simulated or replayed. Throws InputError if the design is infeasible.
Scaled scale(const RunOptions& options, Inputs& inputs);

Value value_of(const std::optional<double>& number);

/// Writes a listing of what the run became.
void deliver(const Listing& listing, const std::string& command, const RunOptions& options, const Scaled& scaled,
             const Inputs& inputs, Outcome& outcome);

}  // namespace traingrid

// Commands that multiply the result of one run: its options, and the result itself.
#pragma once

#include "cli/options.hpp"
#include "report/listing.hpp"

#include <optional>
#include <span>
#include <string>

namespace traingrid {

struct ScaleOptions {
  RunOptions run;
  std::string given;  ///< what the multiple is found from
  std::optional<int> margin;
};

/// Adds what chooses the run, and reads the words; false if help was asked for.
bool parse_scale(Arguments& arguments, ScaleOptions& options, std::span<const std::string> words, std::string& help);

struct Scaled {
  Point point;
  Result result;
};
/// Simulated or replayed. Throws InputError if the design is infeasible.
Scaled scale(const ScaleOptions& options, Inputs& inputs);

Value value_of(const std::optional<double>& number);

/// Writes a listing of what the run became.
void deliver(const Listing& listing, const std::string& command, const ScaleOptions& options, const Scaled& scaled,
             const Inputs& inputs, Outcome& outcome);

}  // namespace traingrid

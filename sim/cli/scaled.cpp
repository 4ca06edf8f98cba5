#include "cli/scaled.hpp"

#include <fmt/format.h>

namespace traingrid {

Scaled scale(const RunOptions& options, Inputs& inputs) {
  Scaled scaled{read_point(options, inputs), {}};
  if (options.replay) require_replayable(scaled.point.run, options);
  scaled.result = options.replay ? replay_point(scaled.point) : simulate_point(scaled.point).result;
  if (!scaled.result.feasible) throw InputError(fmt::format("{}: {}", options.selection.run, scaled.result.reason));
  return scaled;
}

Value value_of(const std::optional<double>& number) { return number ? Value(*number) : Value(); }

void deliver(const Listing& listing, const std::string& command, const RunOptions& options, const Scaled& scaled,
             const Inputs& inputs, Outcome& outcome) {
  const std::string verb = command.substr(0, command.find(' '));
  const ListingReport report{.schema = fmt::format("traingrid.{}/1", verb),
                             .title = fmt::format("{} of {}", verb, scaled.result.run_name),
                             .listings = {listing},
                             .notes = scaled.result.notes,
                             .version = TRAINGRID_VERSION,
                             .command = command_line(verb, options) + command.substr(verb.size()),
                             .inputs = inputs.opened()};
  deliver(write_listings(report, options.format), options.output, outcome);
}

}  // namespace traingrid

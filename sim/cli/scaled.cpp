#include "cli/scaled.hpp"

#include <fmt/format.h>

namespace traingrid {

bool parse_scale(Arguments& arguments, ScaleOptions& options, std::span<const std::string> words, std::string& help) {
  Selection& selection = options.run.selection;
  arguments.value("cluster", "C", "instead of the cluster that the run names", selection.cluster);
  arguments.value("site", "S", "instead of the site that the run names", selection.site);
  arguments.value("ownership", "O", "who owns it (default: own-datacentre)", selection.ownership);
  arguments.list("set", "KEY=VALUE", "over what the files say", selection.sets);
  arguments.flag("replay", "take time and power from what was published about the run", options.run.replay);
  arguments.value("format", "F", "table, json, csv, markdown, latex (default: table)", options.run.format);
  arguments.value("catalogue", "DIR", "where names are looked up first", options.run.catalogue);
  arguments.value("output", "FILE", "write the answer there", options.run.output);
  std::vector<std::string> names;
  arguments.operands(names, 1, 1);
  if (!arguments.parse(words)) {
    help = arguments.help();
    return false;
  }
  selection.run = names.front();
  check_format(options.run.format);
  return true;
}

Scaled scale(const ScaleOptions& options, Inputs& inputs) {
  Scaled scaled{read_point(options.run, inputs), {}};
  if (options.run.replay) require_replayable(scaled.point.run, options.run);
  scaled.result = options.run.replay ? replay_point(scaled.point) : simulate_point(scaled.point).result;
  if (!scaled.result.feasible) throw InputError(fmt::format("{}: {}", options.run.selection.run, scaled.result.reason));
  return scaled;
}

Value value_of(const std::optional<double>& number) { return number ? Value(*number) : Value(); }

void deliver(const Listing& listing, const std::string& command, const ScaleOptions& options, const Scaled& scaled,
             const Inputs& inputs, Outcome& outcome) {
  const std::string verb = command.substr(0, command.find(' '));
  const ListingReport report{.schema = fmt::format("traingrid.{}/1", verb),
                             .title = fmt::format("{} of {}", verb, scaled.result.run_name),
                             .listings = {listing},
                             .notes = scaled.result.notes,
                             .version = TRAINGRID_VERSION,
                             .command = command_line(verb, options.run) + command.substr(verb.size()),
                             .inputs = inputs.opened()};
  deliver(write_listings(report, options.run.format), options.run.output, outcome);
}

}  // namespace traingrid

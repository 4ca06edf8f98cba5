#include "study/fleet.hpp"

#include "cli/scaled.hpp"

#include <fmt/format.h>

namespace traingrid {

Outcome fleet_command(std::span<const std::string> words) {
  Outcome outcome;
  RunOptions options;
  std::string given = "accelerators=1000000";
  std::optional<int> margin_given;
  Arguments arguments(
      "fleet", "RUN",
      "Machines like the one of a run, all at its work the whole year: how many there are if one figure\n"
      "of theirs is given, and what they take.");
  arguments.value("of", "FIGURE=N", "what is given, as in withdrawn_m3=4.2e9 (default: accelerators=1000000)", given);
  arguments.value("margin", "PERCENT", "of the revenue, beyond the cost of ownership (default: 0)", margin_given, 0);
  if (!parse_result_options(arguments, words, options, outcome.out)) return outcome;
  const FleetTarget target = parse_fleet_target(given);
  const int margin = margin_given.value_or(0);
  if (margin > 99) throw InputError("--margin is a share of the revenue in percent: 0 to 99");

  Inputs inputs(Catalogue::standard(options.catalogue));
  const Scaled scaled = scale(options, inputs);
  const std::string& family = scaled.point.cluster.accelerator.economics.family;
  const double server_cost = scaled.point.accounting.multipliers_of(family).server_cost;
  const Fleet fleet = fleet_of(scaled.result, target, server_cost, margin / 100.0);
  Listing listing{
      .key = "figures",
      .title = fmt::format("{:.4g} machines, at work all year", fleet.machines),
      .columns = {{"figure", "figure"}, {"about", "what it is"}, {"machine", "one machine"}, {"fleet", "fleet"}},
      .rows = {}};
  for (const FleetFigure& figure : fleet.figures)
    listing.rows.push_back(
        {std::string(figure.name), std::string(figure.about), value_of(figure.machine), value_of(figure.fleet)});
  std::string command = fmt::format("fleet --of {}", given);
  if (margin > 0) command += fmt::format(" --margin {}", margin);
  deliver(listing, command, options, scaled, inputs, outcome);
  return outcome;
}

}  // namespace traingrid

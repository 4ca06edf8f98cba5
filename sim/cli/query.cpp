#include "cli/scaled.hpp"
#include "study/queries.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

namespace traingrid {

Outcome query_command(std::span<const std::string> words) {
  Outcome outcome;
  RunOptions options;
  std::string energy;
  std::optional<std::string> per_day;
  Arguments arguments(
      "query", "RUN",
      "One use of the trained model, from its energy at the IT equipment: carbon, water and cost at the\n"
      "site and on the machine of the run. The energy is yours to state; it is not simulated.");
  arguments.value("energy", "E", "of one query at the IT equipment, as in '4 Wh'", energy);
  arguments.value("per-day", "N", "queries a day, as in 8.5e9: what they take in a year", per_day);
  if (!parse_result_options(arguments, words, options, outcome.out)) return outcome;
  const auto [joules, error] = parse_quantity(energy, Joules::dimension);
  if (!error.empty() || joules <= 0)
    throw InputError("query needs --energy, of one query at the IT equipment, as in '4 Wh'");
  const auto queries = per_day ? parse_number(*per_day) : std::nullopt;
  if (per_day && (!queries || *queries <= 0))
    throw InputError(fmt::format("--per-day is a number above 0, not '{}'", *per_day));

  Inputs inputs(Catalogue::standard(options.catalogue));
  const Scaled scaled = scale(options, inputs);
  Listing listing{.key = "figures",
                  .title = "one query",
                  .columns = {{"figure", "figure"}, {"about", "what it is"}, {"value", "value"}},
                  .rows = {}};
  for (const QueryFigure& figure : queries_of(scaled.result, joules * joule, queries))
    listing.rows.push_back({std::string(figure.name), std::string(figure.about), value_of(figure.value)});
  std::string command = fmt::format("query --energy '{}'", energy);
  if (per_day) command += fmt::format(" --per-day {}", *per_day);
  deliver(listing, command, options, scaled, inputs, outcome);
  return outcome;
}

}  // namespace traingrid

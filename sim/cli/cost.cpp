#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/load_cases.hpp"
#include "cli/scaled.hpp"
#include "cost/comparison.hpp"
#include "input/spelling.hpp"
#include "report/listing.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

/// What is compared, and by which constants.
struct Costed {
  std::string name;
  Economics economics;
  EpochAccounting epoch;
  Ownership ownership;
  CostResult cost;
  std::vector<std::string> notes;

  CostInputs inputs() const { return {economics, cost.run, epoch, &ownership}; }
};

Costed costed_run(const RunOptions& options, Inputs& inputs) {
  const auto [point, result] = scale(options, inputs);
  return {result.run_name, point.cluster.accelerator.economics, point.accounting, point.ownership, *result.cost, {}};
}

/// Of a case, nothing was metered: no cost of ownership, and no machine or site to choose.
Costed costed_case(const CostCase& found, const RunOptions& options, Inputs& inputs) {
  const Selection& selection = options.selection;
  for (const auto& [option, given] :
       {std::pair{"--cluster", selection.cluster.has_value()}, std::pair{"--site", selection.site.has_value()},
        std::pair{"--ownership", selection.ownership.has_value()}, std::pair{"--replay", options.replay}}) {
    if (given)
      throw InputError(fmt::format("{} has no effect on '{}', which is a case known by hours and dates; leave it out",
                                   option, found.name));
  }
  Costed costed{.name = found.name, .economics = found.hardware, .epoch = load_accounting(inputs, selection.sets)};
  inputs.finish();
  const CostedRun run = found.costed(costed.epoch);
  const CostInputs of_case{costed.economics, run, costed.epoch, nullptr};
  costed.cost = cost_of(of_case);
  costed.notes = notes_on(of_case);
  costed.notes.emplace_back("power and energy are not known: no cost of ownership");
  return costed;
}

Costed costed_by_name(const RunOptions& options, Inputs& inputs) {
  const std::string& word = options.selection.run;
  if (is_path(word) || inputs.catalogue().find(*find_folder("runs"), word)) return costed_run(options, inputs);
  const std::vector<CostCase> cases = load_cases(inputs);
  inputs.finish();
  if (const CostCase* found = find_case(cases, word)) return costed_case(*found, options, inputs);
  std::vector<std::string> known = inputs.catalogue().names(*find_folder("runs"));
  for (const CostCase& one : cases) known.push_back(one.name);
  const auto meant = nearest(word, known);
  throw InputError(fmt::format("there is no run or case '{}'; {}", word,
                               meant ? fmt::format("did you mean '{}'?", *meant) : "`traingrid show runs` lists them"));
}

Value usd(const std::optional<Dollars>& amount) { return amount ? Value(*amount / dollar) : Value(); }
Value percent(const std::optional<double>& share) { return share ? Value(100 * *share) : Value(); }

Listing shares_listing(const Costed& costed) {
  Listing listing{
      .key = "accountings",
      .title = fmt::format("by accounting, USD of {}", costed.cost.price_year.value_or(0)),
      .columns = {{"accounting", "accounting"}, {"part", "part"}, {"usd", "USD"}, {"share_pct", "share (%)"}}};
  for (const CostShare& share : cost_shares(costed.inputs(), costed.cost)) {
    listing.rows.push_back(
        {std::string(share.accounting), std::string(share.part), share.amount / dollar, percent(share.share)});
  }
  const auto& tco = costed.cost.tco;
  if (tco) {
    listing.rows.push_back({"tco", "purchase price per accelerator", tco->unit.servers / dollar, Value()});
    listing.rows.push_back({"tco", "per accelerator-hour", tco->per_accelerator_hour / (dollar / hour), Value()});
    listing.rows.push_back({"tco", "per million tokens", usd(tco->per_million_tokens), Value()});
  }
  return listing;
}

Listing use_listing(const Costed& costed) {
  Listing listing{.key = "use",
                  .title = fmt::format("owned ({}), by share of the year in use", costed.ownership.name),
                  .columns = {{"use_pct", "use (%)"}, {"usd_per_accelerator_hour", "USD/h"}}};
  for (const UseCost& use : costs_by_use(costed.inputs(), costed.cost))
    listing.rows.push_back({100 * use.utilisation, use.price / (dollar / hour)});
  return listing;
}

Listing rentals_listing(const Costed& costed) {
  Listing listing{.key = "rentals",
                  .title = "rented, by dated price; owning is cheaper from the break-even use on",
                  .columns = {{"date", "date"},
                              {"vendor", "vendor"},
                              {"term", "term"},
                              {"usd_per_accelerator_hour", "USD/h"},
                              {"usd", "the run (USD)"},
                              {"break_even_pct", "break-even use (%)"},
                              {"owning_pays", "owning pays"}}};
  for (const Rental& rental : rentals(costed.inputs(), costed.cost)) {
    const bool pays = rental.break_even && *rental.break_even <= 1;
    listing.rows.push_back({to_text(rental.date), rental.vendor, std::string(rental.term),
                            rental.price / (dollar / hour), rental.total / dollar, percent(rental.break_even),
                            costed.cost.tco ? Value(pays ? "from there on" : "never") : Value()});
  }
  return listing;
}

Listing years_listing(const Costed& costed, int year, const std::vector<Trend>& trends) {
  Listing listing{.key = "year",
                  .title = fmt::format("in {}, by trend", year),
                  .columns = {{"trend", "trend"},
                              {"about", "cost of"},
                              {"basis", "basis"},
                              {"change_per_year_pct", "change per year (%)"},
                              {"epoch_usd", "epoch (USD)"},
                              {"cloud_usd", "cloud (USD)"},
                              {"tco_usd", "tco (USD)"}}};
  for (const Projection& one : project(costed.cost, year, trends)) {
    listing.rows.push_back(
        {one.trend, one.about, one.basis, 100 * (one.yearly_factor - 1), usd(one.epoch), usd(one.cloud), usd(one.tco)});
  }
  return listing;
}

}  // namespace

Outcome cost_command(std::span<const std::string> words) {
  Outcome outcome;
  RunOptions options;
  std::optional<int> other_year;
  Arguments arguments(
      "cost", "RUN",
      "Counts what a run costs by every accounting, with the shares of its parts; what owning costs by use,\n"
      "and from which use on it is cheaper than each dated price of renting; and what it would cost in another\n"
      "year. RUN is a run, or a case of platforms/accounting/cases, by name.");
  arguments.value("year", "Y", "what it would cost then, by every trend", other_year, 1950);
  if (!parse_result_options(arguments, words, options, outcome.out)) return outcome;

  Inputs inputs(Catalogue::standard(options.catalogue));
  const Costed costed = costed_by_name(options, inputs);
  ListingReport report{.schema = "traingrid.cost/1",
                       .title = fmt::format("cost of {}", costed.name),
                       .listings = {shares_listing(costed)},
                       .notes = costed.notes,
                       .version = TRAINGRID_VERSION};
  if (costed.cost.tco) report.listings.push_back(use_listing(costed));
  report.listings.push_back(rentals_listing(costed));
  report.command = command_line("cost", options);
  if (other_year) {
    const std::vector<Trend> trends = load_trends(inputs);
    inputs.finish();
    report.listings.push_back(years_listing(costed, *other_year, trends));
    report.command += fmt::format(" --year {}", *other_year);
  }
  report.inputs = inputs.opened();
  deliver(write_listings(report, options.format), options.output, outcome);
  return outcome;
}

}  // namespace traingrid

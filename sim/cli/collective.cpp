#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/load_fabric.hpp"
#include "cli/options.hpp"
#include "input/inputs.hpp"
#include "input/spelling.hpp"
#include "report/listing.hpp"
#include "study/collective_bench.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace traingrid {
namespace {

constexpr const char* kLibrary = "nccl";
constexpr std::string_view kTuner = "auto";
constexpr Seconds kMicrosecond = 1e-6 * second;
constexpr Bandwidth kGigabyte = 1e9 * byte / second;

struct CollectiveOptions {
  std::string kind, sizes = "1MiB:8GiB", format = "table", library = kLibrary;
  std::optional<std::string> cluster, catalogue, output;
  std::vector<std::string> algorithms, sets;
  std::optional<int> ranks;
  bool no_fold = false;
};

void split_at_commas(const std::string& text, std::vector<std::string>& parts) {
  parts.emplace_back();
  for (const char c : text) {
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  }
}

/// False if help is asked for, which then is in `help`.
bool parse(std::span<const std::string> words, CollectiveOptions& options, std::string& help) {
  std::vector<std::string> kinds, lists;
  Arguments arguments(
      "collective", "KIND",
      fmt::format("Times a collective on the first N accelerators of a cluster, contention included, and "
                  "prints what\nnccl-tests prints. KIND is one of {}.",
                  fmt::join(collective_names(), ", ")));
  arguments.value("cluster", "C", "a name of the catalogue or a path", options.cluster);
  arguments.value("ranks", "N", "accelerators that take part", options.ranks, 2);
  arguments.value("size", "FIRST:LAST", "sizes, each twice the one before (default: 1MiB:8GiB); or one size",
                  options.sizes);
  arguments.list("algorithm", "A[,B…]",
                 fmt::format("side by side: {}; with a protocol as ring/LL; auto (default) is the tuner's choice",
                             algorithm_names()),
                 lists);
  arguments.list("set", "KEY=VALUE", "over what the files say, as in --set network.oversubscription=4", options.sets);
  arguments.value("library", "L", "whose tuner and costs (default: nccl)", options.library);
  arguments.value("format", "F", "table, json, csv, markdown, latex (default: table)", options.format);
  arguments.flag("no-fold", "simulate every accelerator, to check that folding changes nothing", options.no_fold);
  arguments.value("catalogue", "DIR", "where names are looked up first", options.catalogue);
  arguments.value("output", "FILE", "write the answer there", options.output);
  arguments.operands(kinds, 1, 1);
  if (!arguments.parse(words)) {
    help = arguments.help();
    return false;
  }
  options.kind = kinds.front();
  for (const std::string& list : lists) split_at_commas(list, options.algorithms);
  if (lists.empty()) options.algorithms = {std::string(kTuner)};
  return true;
}

CollectiveBench bench_of(const CollectiveOptions& options) {
  if (!options.cluster) throw InputError("traingrid collective: --cluster C is missing; `traingrid show clusters`");
  if (!options.ranks) throw InputError("traingrid collective: --ranks N is missing");
  const auto kind = parse_collective(options.kind);
  if (!kind) {
    throw InputError(fmt::format("unknown collective '{}'; {}", options.kind,
                                 suggestion(options.kind, collective_names(), "collectives")));
  }
  return {.kind = kind->kind,
          .ranks = *options.ranks,
          .sizes = parse_sizes(options.sizes),
          .folding = options.no_fold ? Folding::none : Folding::certified};
}

void require_devices(const Cluster& cluster, int ranks) {
  if (ranks <= cluster.accelerators()) return;
  throw InputError(fmt::format("--ranks: {} are more than the {} accelerators of {}; ask for fewer", ranks,
                               cluster.accelerators(), cluster.name));
}

/// The tuning with the algorithm forced. Throws InputError if it cannot carry out the collective there.
Tuning tuning_for(const Cluster& cluster, const Library& library, const CollectiveBench& bench,
                  const std::string& algorithm) {
  Tuning tuning = tuning_of(cluster, library);
  if (algorithm == kTuner) return tuning;
  const Choice choice = parse_choice(algorithm);
  if (!bench.kind) throw InputError("p2p has no algorithms; leave --algorithm out");
  const std::string problem = obstacle(tuning, choice, *bench.kind, bench_shape(cluster, bench.ranks));
  if (!problem.empty()) throw InputError(fmt::format("--algorithm: {}", problem));
  tuning.forced[std::string(spelling(*bench.kind))] = algorithm;
  return tuning;
}

/// Rows by size, the algorithms side by side.
Listing listing_of(const std::vector<std::vector<CollectiveTiming>>& by_algorithm) {
  Listing listing{.key = "rows",
                  .columns = {{"size_bytes", "size (B)"},
                              {"algorithm", "algorithm"},
                              {"time_us", "time (us)"},
                              {"algbw_gbyte_per_s", "algbw (GB/s)"},
                              {"busbw_gbyte_per_s", "busbw (GB/s)"},
                              {"rule", "why"}}};
  for (std::size_t size = 0; size < by_algorithm.front().size(); ++size) {
    for (const auto& timings : by_algorithm) {
      const CollectiveTiming& row = timings[size];
      listing.rows.push_back({static_cast<std::int64_t>(row.size / byte), row.algorithm, row.time / kMicrosecond,
                              row.algorithm_bandwidth / kGigabyte, row.bus_bandwidth / kGigabyte, row.rule});
    }
  }
  return listing;
}

std::string command_line(const CollectiveOptions& options) {
  std::string text = fmt::format("traingrid collective {} --cluster {} --ranks {} --size {}", options.kind,
                                 *options.cluster, *options.ranks, options.sizes);
  const std::string algorithms = fmt::format("{}", fmt::join(options.algorithms, ","));
  if (algorithms != kTuner) text += fmt::format(" --algorithm {}", algorithms);
  for (const std::string& set : options.sets) text += fmt::format(" --set {}", set);
  if (options.library != kLibrary) text += fmt::format(" --library {}", options.library);
  return text;
}

}  // namespace

Outcome collective_command(std::span<const std::string> words) {
  Outcome outcome;
  CollectiveOptions options;
  if (!parse(words, options, outcome.out)) return outcome;
  const CollectiveBench bench = bench_of(options);
  check_format(options.format);

  Inputs inputs(Catalogue::standard(options.catalogue));
  const auto [cluster, library] = load_fabric(*options.cluster, options.library, options.sets, inputs);
  require_devices(cluster, bench.ranks);

  std::vector<Tuning> tunings;
  for (const std::string& algorithm : options.algorithms)
    tunings.push_back(tuning_for(cluster, library, bench, algorithm));
  std::vector<std::vector<CollectiveTiming>> timings;
  for (const Tuning& tuning : tunings) timings.push_back(time_collective(cluster, tuning, bench));

  const ListingReport report{
      .schema = "traingrid.collective/1",
      .title = fmt::format("{} of {} accelerators on {}", options.kind, bench.ranks, cluster.name),
      .listings = {listing_of(timings)},
      .version = TRAINGRID_VERSION,
      .command = command_line(options),
      .inputs = inputs.opened()};
  deliver(write_listings(report, options.format), options.output, outcome);
  return outcome;
}

}  // namespace traingrid

#include "cli/options.hpp"

#include "cli/output.hpp"
#include "input/problems.hpp"
#include "input/spelling.hpp"
#include "report/writers.hpp"
#include "study/assumptions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace traingrid {
namespace {

std::vector<std::string> formats() {
  std::vector<std::string> names;
  for (const Writer& writer : kWriters) names.emplace_back(writer.name);
  return names;
}

/// As a shell takes it for one word.
std::string quoted(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// What is computed, and where its answer goes.
void add_selection(Arguments& arguments, RunOptions& options) {
  arguments.value("cluster", "C", "instead of the cluster that the run names", options.selection.cluster);
  arguments.value("site", "S", "instead of the site that the run names", options.selection.site);
  arguments.list("set", "KEY=VALUE",
                 "over what the files say, as in --set parallelism.tensor=4; `traingrid show fields`",
                 options.selection.sets);
  arguments.value("catalogue", "DIR", "where names are looked up first", options.catalogue);
  arguments.value("output", "FILE", "write the answer there", options.output);
}

void add_no_fold(Arguments& arguments, RunOptions& options) {
  arguments.flag("no-fold", "simulate every accelerator, to check that folding changes nothing", options.no_fold);
}

void add_replay_and_format(Arguments& arguments, RunOptions& options) {
  arguments.flag("replay", "take time and power from what was published about the run", options.replay);
  arguments.value("format", "F", fmt::format("{} (default: table)", fmt::join(formats(), ", ")), options.format);
}

/// False if help was asked for.
bool parse(Arguments& arguments, std::span<const std::string> words, RunOptions& options, std::string& help) {
  std::vector<std::string> runs;
  arguments.operands(runs, 1, 1);
  if (!arguments.parse(words)) {
    help = arguments.help();
    return false;
  }
  options.selection.run = runs.front();
  check_format(options.format);
  return true;
}

}  // namespace

std::string command_line(std::string_view command, const RunOptions& options) {
  std::string text = fmt::format("traingrid {} {}", command, quoted(options.selection.run));
  const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) text += fmt::format(" --{} {}", name, quoted(*value));
  };
  add("cluster", options.selection.cluster);
  add("site", options.selection.site);
  add("ownership", options.selection.ownership);
  for (const std::string& set : options.selection.sets) add("set", set);
  if (options.replay) text += " --replay";
  if (options.no_fold) text += " --no-fold";
  add("catalogue", options.catalogue);
  if (options.samples) text += fmt::format(" --samples {}", *options.samples);
  if (options.seed) text += fmt::format(" --seed {}", *options.seed);
  return text;
}

RunOptions parse_run_options(std::span<const std::string> words, std::string& help) {
  RunOptions options;
  Arguments arguments(
      "run", "RUN",
      "Simulates a training run, from one step to days, energy, carbon, water and cost. RUN, C and S are\n"
      "names of the catalogue or paths.");
  add_selection(arguments, options);
  add_no_fold(arguments, options);
  add_replay_and_format(arguments, options);
  arguments.value("trace", "FILE", "write a timeline of the step there, for ui.perfetto.dev", options.trace);
  arguments.flag("stats", "print counts and times to standard error", options.stats);
  arguments.value("jobs", "N", "processes at a time, for samples", options.jobs, 1);
  arguments.value("samples", "N", "draw the values of all intervals so often, and print within what the figures lie",
                  options.samples, 1);
  arguments.value("seed", "S", "of those draws (default: 0)", options.seed, 0);
  parse(arguments, words, options, help);
  return options;
}

RunOptions parse_explain_options(std::span<const std::string> words, std::string& help) {
  RunOptions options;
  Arguments arguments(
      "explain", "RUN",
      "Says why a simulated run comes out as it does: where time, energy and money go, the busiest links,\n"
      "what doubling each resource gives, and every constant with its source.");
  add_selection(arguments, options);
  add_no_fold(arguments, options);
  parse(arguments, words, options, help);
  return options;
}

bool parse_result_options(Arguments& arguments, std::span<const std::string> words, RunOptions& options,
                          std::string& help) {
  add_selection(arguments, options);
  arguments.value("ownership", "O", "who owns it (default: own-datacentre)", options.selection.ownership);
  add_replay_and_format(arguments, options);
  return parse(arguments, words, options, help);
}

Point read_point(const RunOptions& options, Inputs& inputs) {
  Point point = load_point(options.selection, inputs);
  inputs.finish();
  point.folding = folding_of(options);
  return point;
}

Folding folding_of(const RunOptions& options) { return options.no_fold ? Folding::none : Folding::certified; }

void deliver(std::string text, const std::optional<std::string>& file, Outcome& outcome) {
  if (file)
    write_file(*file, text);
  else
    outcome.out = std::move(text);
}

void deliver(std::string text, const RunOptions& options, Outcome& outcome) {
  deliver(std::move(text), options.output, outcome);
}

void check_format(const std::string& format) {
  if (find_writer(format) == nullptr)
    throw InputError(fmt::format("unknown format '{}'; {}", format, suggestion(format, formats(), "formats")));
}

void sign(Result& result, std::string_view command, const RunOptions& options, const Inputs& inputs) {
  result.version = TRAINGRID_VERSION;
  result.command = command_line(command, options);
  result.inputs = inputs.opened();
  result.constants = inputs.constants();
  if (!result.step || !result.step->host_memory_capacity)  // nothing is offloaded to hosts
    std::erase_if(result.constants, [](const ConstantRead& read) { return read.path.starts_with("node.host"); });
  const Selection& chosen = options.selection;
  if (!result.published.empty() && (chosen.cluster || chosen.site || !chosen.sets.empty())) {
    result.notes.emplace_back("published figures are of the run as its files state it; this design was changed");
  }
  if (result.replayed) return;
  const std::vector<std::string> assumed = notes_on_assumptions(result.constants);
  result.notes.insert(result.notes.end(), assumed.begin(), assumed.end());
}

void require_replayable(const Run& run, const RunOptions& options) {
  if (!run.published || !run.published->replayable()) {
    throw InputError(
        fmt::format("{}: has nothing to replay; leave --replay out, or state in 'published' the accelerators, "
                    "how long they ran, and what they drew",
                    options.selection.run));
  }
  if (options.trace) throw InputError("--trace shows a simulated step, and a replay has none; leave one of them out");
}

}  // namespace traingrid

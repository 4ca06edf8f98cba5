// What `run` and its relatives are asked to do.
#pragma once

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/load.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct RunOptions {
  Selection selection;
  bool replay = false;
  bool no_fold = false;
  bool stats = false;
  std::string format = "table";
  std::optional<std::string> catalogue, trace, output;
  std::optional<int> jobs, samples, seed;
};

/// Reads the words after `run` or `explain`; its help, if that is asked for, goes to `help`, and the options are worth
/// nothing then.
RunOptions parse_run_options(std::span<const std::string> words, std::string& help);
RunOptions parse_explain_options(std::span<const std::string> words, std::string& help);

/// The same for commands that count with the result of a run, and have options of their own; false if help was asked
/// for.
bool parse_result_options(Arguments& arguments, std::span<const std::string> words, RunOptions& options,
                          std::string& help);

Folding folding_of(const RunOptions& options);

/// Reads what the options name. Throws InputError with every problem.
Point read_point(const RunOptions& options, Inputs& inputs);

/// Throws InputError if the run publishes too little to be replayed.
void require_replayable(const Run& run, const RunOptions& options);

/// The command that gives this result again.
std::string command_line(std::string_view command, const RunOptions& options);

/// Puts the answer where the options want it: into a file, or out.
void deliver(std::string text, const RunOptions& options, Outcome& outcome);
/// To a file if one is named, else to standard output.
void deliver(std::string text, const std::optional<std::string>& file, Outcome& outcome);
/// Throws InputError if no writer is called so.
void check_format(const std::string& format);

/// Says in the result what it was computed from, and by which command: without what only changes how it is shown.
void sign(Result& result, std::string_view command, const RunOptions& options, const Inputs& inputs);

}  // namespace traingrid

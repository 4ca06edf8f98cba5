// The commands: one file each, and one line in this table.
#pragma once

#include "cli/exit_code.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace traingrid {

/// What a command has to say: results for standard output, talk for standard error.
struct Outcome {
  std::string out;
  std::string talk{};
  ExitCode code = kOk;
};

Outcome run_command(std::span<const std::string> words);
Outcome explain_command(std::span<const std::string> words);
Outcome check_command(std::span<const std::string> words);
Outcome show_command(std::span<const std::string> words);
Outcome collective_command(std::span<const std::string> words);
Outcome validate_command(std::span<const std::string> words);
Outcome cost_command(std::span<const std::string> words);
Outcome fleet_command(std::span<const std::string> words);
Outcome query_command(std::span<const std::string> words);

struct Command {
  std::string_view name;
  std::string_view summary;
  Outcome (*run)(std::span<const std::string> words);
};

inline constexpr std::array kCommands{
    Command{"run", "simulate or replay a training run: time, energy, carbon, water, cost", run_command},
    Command{"explain", "why a run comes out as it does: terms, links, what doubling gives, constants", explain_command},
    Command{"check", "all problems of description files, without simulating", check_command},
    Command{"show", "the catalogue, a description with its sources, or the keys it may have", show_command},
    Command{"collective", "time one collective at many sizes on any fabric, as nccl-tests does", collective_command},
    Command{"validate", "published measurements against the same simulated", validate_command},
    Command{"cost", "a run's cost by all accountings, its parts, buying or renting, other years", cost_command},
    Command{"fleet", "machines like that of a run: how many give a figure, and what they take in a year",
            fleet_command},
    Command{"query", "one use of the trained model, from its energy: carbon, water and cost", query_command},
};

}  // namespace traingrid

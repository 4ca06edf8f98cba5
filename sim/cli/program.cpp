#include "cli/program.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "input/problems.hpp"
#include "input/spelling.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace traingrid {
namespace {

std::string help() {
  std::string text =
      "usage: traingrid COMMAND [options]\n\nSimulates AI training in a datacenter, from three YAML files to "
      "days, MWh, tonnes, litres and dollars.\n\n";
  for (const Command& command : kCommands) text += fmt::format("  {:<10}  {}\n", command.name, command.summary);
  text += "\n`traingrid COMMAND --help` shows what a command accepts; `traingrid --version` the version.\n";
  return text;
}

[[noreturn]] void refuse(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  if (word.starts_with('-'))
    throw InputError(fmt::format("'{}' comes before the command; write options after it", word));
  throw InputError(fmt::format("unknown command '{}'; {}", word, suggestion(word, names, "commands")));
}

Outcome dispatch(std::span<const std::string> words) {
  if (words.empty()) return {.out = "", .talk = help(), .code = kInputError};
  const std::string& word = words.front();
  if (word == "--help" || word == "-h" || word == "help") return {.out = help()};
  if (word == "--version") return {.out = fmt::format("traingrid {}\n", TRAINGRID_VERSION)};
  const auto* command = std::ranges::find(kCommands, word, &Command::name);
  if (command == kCommands.end()) refuse(word);
  return command->run(words.subspan(1));
}

/// Nobody reads a message that standard error cannot take, so its failures are ignored.
ExitCode say(std::string_view text, ExitCode code) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (!text.empty() && !text.ends_with('\n')) std::fputc('\n', stderr);
  return code;
}

extern "C" void end_interrupted(int /*signal*/) { ::_exit(kInterrupted); }

}  // namespace

int run_program(std::span<const std::string> words) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write
  std::signal(SIGINT, end_interrupted);
  try {
    const Outcome outcome = dispatch(words);
    say(outcome.talk, outcome.code);
    write_out(outcome.out);
    return outcome.code;
  } catch (const InputError& error) {
    return say(error.what(), kInputError);
  } catch (const OutputError& error) {
    return say(fmt::format("traingrid: {}", error.what()), kOutputError);
  } catch (const std::exception& error) {
    return say(
        fmt::format("traingrid: internal error: {}\nThis is a bug of traingrid {}. Please report it with the command "
                    "and its input files.",
                    error.what(), TRAINGRID_VERSION),
        kBug);
  }
}

}  // namespace traingrid

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/kinds.hpp"
#include "cli/load.hpp"

#include <fmt/format.h>

#include <limits>

namespace traingrid {
namespace {

/// A run is checked with the cluster and the site it names.
void read_target(const Target& target, Inputs& inputs) {
  if (target.kind->folder == "runs")
    load_point({.run = target.name}, inputs);
  else
    target.kind->read(inputs, target.kind->folder, target.name);
}

}  // namespace

Outcome check_command(std::span<const std::string> words) {
  std::vector<std::string> files;
  std::optional<std::string> as, directory;
  Arguments arguments("check", "FILE…",
                      "Lists all problems of all files, without simulating. FILE may be a catalogue name.");
  arguments.value("as", "KIND",
                  fmt::format("what the files describe, where their folder does not say it: {}", kind_names()), as);
  arguments.value("catalogue", "DIR", "where names are looked up first", directory);
  arguments.operands(files, 1, std::numeric_limits<std::size_t>::max());
  if (!arguments.parse(words)) return {.out = arguments.help()};

  const Catalogue catalogue = Catalogue::standard(directory);
  Inputs all(catalogue);
  Outcome outcome;
  for (const std::string& file : files) {
    Inputs alone(catalogue);
    try {
      for (const Target& target : targets_of(file, as, catalogue)) {
        read_target(target, alone);
        read_target(target, all);
      }
    } catch (const InputError& error) {
      alone.problems().add({}, error.what());
      all.problems().add({}, error.what());
    }
    if (alone.problems().empty()) outcome.out += fmt::format("{}: ok\n", file);
  }
  if (!all.problems().empty()) {
    outcome.talk = all.problems().text();
    outcome.code = kInputError;
  }
  return outcome;
}

}  // namespace traingrid

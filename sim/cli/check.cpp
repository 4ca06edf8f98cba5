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

/// Adds what is wrong with a file to all problems; true if nothing is.
bool check(const std::string& file, const std::optional<std::string>& as, Inputs& all) {
  Inputs alone(all.catalogue());
  try {
    for (const Target& target : targets_of(file, as, all.catalogue())) {
      read_target(target, alone);
      read_target(target, all);
    }
  } catch (const InputError& error) {
    alone.problems().add({}, error.what());
    all.problems().add({}, error.what());
  }
  return alone.problems().empty();
}

}  // namespace

Outcome check_command(std::span<const std::string> words) {
  std::vector<std::string> files;
  std::optional<std::string> as, directory;
  Arguments arguments("check", "FILE…",
                      "Lists all problems of all files, without simulating. FILE may be a catalogue name.");
  add_lookup(arguments, as, directory);
  arguments.operands(files, 1, std::numeric_limits<std::size_t>::max());
  if (!arguments.parse(words)) return {.out = arguments.help()};

  Inputs all(Catalogue::standard(directory));
  Outcome outcome;
  for (const std::string& file : files) {
    if (check(file, as, all)) outcome.out += fmt::format("{}: ok\n", file);
  }
  outcome.talk = all.problems().text();
  outcome.code = all.problems().empty() ? kOk : kInputError;
  return outcome;
}

}  // namespace traingrid

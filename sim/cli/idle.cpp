#include "cli/idle.hpp"

#include "input/problems.hpp"

#include "report/writers.hpp"
#include "study/samples.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

/// What was computed, without where it came from.
std::string figures_of(Result result) {
  result.command.clear();
  result.inputs.clear();
  result.notes.clear();
  return write_json(result);
}

}  // namespace

std::string idle_settings(const RunOptions& options, const Result& result) {
  const std::string figures = figures_of(result);
  std::string text;
  for (std::size_t i = 0; i < options.selection.sets.size(); ++i) {
    RunOptions without = options;
    without.selection.sets.erase(without.selection.sets.begin() + static_cast<std::ptrdiff_t>(i));
    try {
      Inputs inputs(Catalogue::standard(options.catalogue));
      const Point point = read_point(without, inputs);
      if (options.replay && (!point.run.published || !point.run.published->replayable())) continue;
      Result other = options.replay ? replay_point(point) : simulate_point(point).result;
      other.version = result.version;
      const bool same_intervals = uncertain_inputs(inputs.constants()) == uncertain_inputs(result.constants);
      if (options.samples && !same_intervals) continue;
      if (figures_of(std::move(other)) != figures) continue;
    } catch (const InputError&) {
      continue;  // the files need this setting to be right
    }
    text += fmt::format("note: --set {} has no effect here\n", options.selection.sets[i]);
  }
  return text;
}

}  // namespace traingrid

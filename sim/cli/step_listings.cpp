#include "cli/step_listings.hpp"

#include "study/nearest.hpp"
#include "study/step_memory.hpp"
#include "units/index.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace traingrid {
namespace {

/// Names of terms in the order in which steps first have them.
std::vector<std::string> names_of_terms(const std::vector<StepMemory>& memories) {
  std::vector<std::string> names;
  for (const StepMemory& memory : memories) {
    for (const MemoryTerm& term : memory.terms) {
      if (std::ranges::find(names, term.name) == names.end()) names.push_back(term.name);
    }
  }
  return names;
}

Value term_value(const StepMemory& memory, const std::string& name) {
  const auto found = std::ranges::find(memory.terms, name, &MemoryTerm::name);
  return found == memory.terms.end() ? Value() : Value(found->bytes / gib);
}

std::string key_of(std::string name) {
  std::ranges::replace(name, ' ', '_');
  return name + "_gib";
}

}  // namespace

Listing features_listing(const std::vector<MeasuredStep>& steps) {
  Listing listing{.key = "features",
                  .title = "what was run",
                  .columns = {{"id", "row"},
                              {"accelerator", "accelerator"},
                              {"precision", "precision"},
                              {"software", "software"},
                              {"experts", "experts"}}};
  for (const auto& [name, value] : kNumberFeatures) listing.columns.push_back({std::string(name), std::string(name)});
  for (const MeasuredStep& step : steps) {
    if (!step.reason.empty()) continue;
    const StepFeatures features = features_of(step.run, step.cluster);
    listing.rows.push_back({step.id, features.accelerator, features.precision, features.software, features.experts});
    for (const auto& [name, value] : kNumberFeatures) listing.rows.back().emplace_back(features.*value);
  }
  return listing;
}

Listing memory_listing(const std::vector<MeasuredStep>& steps) {
  std::vector<StepMemory> memories;
  for (const MeasuredStep& step : steps)
    memories.push_back(step.reason.empty() ? step_memory(step.run, step.cluster) : StepMemory{.reason = step.reason});
  const std::vector<std::string> names = names_of_terms(memories);
  Listing listing{.key = "memory",
                  .title = "memory of the fullest stage",
                  .columns = {{"id", "row"},
                              {"suite", "suite"},
                              {"recompute", "recomputed"},
                              {"memory_gib", "needed (GiB)"},
                              {"capacity_gib", "there (GiB)"},
                              {"share_pct", "share (%)"},
                              {"fits", "fits"},
                              {"stage", "stage"},
                              {"assumption", "assumption"}}};
  for (const std::string& name : names) listing.columns.push_back({key_of(name), name + " (GiB)"});
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepMemory& memory = memories[i];
    if (!memory.reason.empty()) continue;
    const Bytes needed = total(memory.terms);
    listing.rows.push_back(
        {steps[i].id, steps[i].suite, std::string(spelling(steps[i].run.recompute)), needed / gib,
         memory.capacity / gib, 100 * (needed / memory.capacity), memory.fits(),
         static_cast<std::int64_t>(memory.stage),
         steps[i].assumed.empty() ? Value() : Value(fmt::format("{}", fmt::join(steps[i].assumed, "; ")))});
    for (const std::string& name : names) listing.rows.back().push_back(term_value(memory, name));
  }
  return listing;
}

}  // namespace traingrid

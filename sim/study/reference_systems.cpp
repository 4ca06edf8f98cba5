#include "study/reference_systems.hpp"

#include "cost/cost_case.hpp"
#include "study/testbed.hpp"

#include <algorithm>
#include <cctype>

namespace traingrid {
namespace {

/// Whether the word occurs with neither letter nor digit beside it.
bool has_word(std::string_view text, std::string_view word) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

}  // namespace

void ReferenceSystem::describe(Fields& fields) {
  fields.required("word", word, "word of an accelerator's name");
  fields.reference("cluster", cluster, "clusters", "the cluster that stands for it");
}

void ReferenceRun::describe(Fields& fields) {
  fields.required("model", model, "model as published rows call it");
  fields.required("accelerator", accelerator, "word of the accelerator's name");
  fields.required("run", run, "run of the catalogue");
}

void StepDesign::describe(Fields& fields) {
  fields.required("words", words, "words that the name of the model has; none for all that are left");
  fields.required("fields", defaults, "fields of a row of training steps");
  fields.required("most_micro_batch", most_micro_batch, "sequences of a micro-batch, at most", at_least_one);
}

void ReferenceSystems::describe(Fields& fields) {
  fields.required("name", name, "name of the set, for people");
  fields.required("systems", systems, "clusters by accelerator; the first that fits is taken");
  fields.required("runs", runs, "runs by model and accelerator");
  fields.required("designs", designs, "what rows leave out of a training step, the more special models first");
  fields.required("metered_models", metered_models, "models whose published energy holds the overhead of the building");
  fields.required("request", request, "energy of one request to a language model, IT", positive);
}

const Cluster* ReferenceSystems::find(std::string_view accelerator) const {
  const auto found =
      std::ranges::find_if(systems, [&](const ReferenceSystem& one) { return has_word(accelerator, one.word); });
  return found == systems.end() ? nullptr : &found->cluster;
}

const StepDesign& ReferenceSystems::design_of(std::string_view model) const {
  static const StepDesign nothing;
  const auto found = std::ranges::find_if(designs, [&](const StepDesign& one) { return has_words(model, one.words); });
  return found == designs.end() ? nothing : *found;
}

bool ReferenceSystems::energy_at_meter(std::string_view model) const {
  return std::ranges::any_of(metered_models, [&](const std::string& one) { return same_name(one, model); });
}

const ReferenceRun* ReferenceSystems::find_run(std::string_view model, std::string_view accelerator) const {
  const auto found = std::ranges::find_if(runs, [&](const ReferenceRun& one) {
    return same_name(one.model, model) && has_word(accelerator, one.accelerator);
  });
  return found == runs.end() ? nullptr : &*found;
}

NodeDraw node_draw(const Cluster& cluster, bool fans) {
  const PowerLevels& levels = cluster.accelerator.power;
  const NodePower& node = cluster.node.power;
  const Watts cooling = fans ? Watts{} : node.fans;
  const double accelerators = cluster.node.accelerators;
  const Watts output = accelerators * levels.compute_bound + node.hosts() - cooling;
  const Watts idle = accelerators * levels.idle + node.idle;
  return {.accelerator = levels.compute_bound,
          .accelerator_idle = levels.idle,
          .accelerator_stalled = levels.stalled,
          .training = output / node.psu_efficiency,
          .idle = idle / node.psu_efficiency,
          .training_direct = output};
}

}  // namespace traingrid

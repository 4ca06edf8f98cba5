#include "study/validate_steps.hpp"

#include "campaign/campaign.hpp"
#include "campaign/layer_time.hpp"
#include "campaign/step_memo.hpp"
#include "input/problems.hpp"
#include "study/measured_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace traingrid {
namespace {

/// What one design takes: a whole step, or the passes of a layer by itself.
struct Times {
  std::string obstacle;
  Seconds step, forward, backward;
};

/// Equal designs are simulated once, whatever they are called.
class StepSimulator {
 public:
  explicit StepSimulator(const StepValidation& context) : context_(context) {}

  Times operator()(const MeasuredStep& step) {
    if (!step.reason.empty()) return {step.reason, {}, {}, {}};
    const auto library = context_.libraries.find(step.run.software.collectives);
    if (library == context_.libraries.end())
      return {fmt::format("there is no communication library '{}'", step.run.software.collectives), {}, {}, {}};
    Cluster cluster = step.cluster;
    cluster.accelerator.memory.capacity = 1e18 * byte;  // it ran: whether our count of its memory agrees is no question
    const Tuning tuning = tuning_of(cluster, library->second);
    const bool layer = step.kind == MeasuredKind::layer;
    StepInputs inputs = step_inputs(step.run, cluster, tuning, {}, Folding::certified);
    inputs.run.software = without_memory(std::move(inputs.run.software));
    const auto known = std::ranges::find_if(
        known_, [&](const Known& other) { return other.layer == layer && other.inputs == inputs; });
    if (known != known_.end()) return known->times;
    const Times times = timed(layer ? of_layer : of_step, step.run, cluster, tuning);
    known_.push_back({layer, std::move(inputs), times});
    return times;
  }

 private:
  struct Known {
    bool layer;
    StepInputs inputs;
    Times times;
  };

  /// What the simulation refuses is a row with a reason.
  static Times timed(Times (*of)(const Run&, const Cluster&, const Tuning&), const Run& run, const Cluster& cluster,
                     const Tuning& tuning) {
    try {
      return of(run, cluster, tuning);
    } catch (const InputError& refused) {
      return {refused.what(), {}, {}, {}};
    }
  }
  static Times of_layer(const Run& run, const Cluster& cluster, const Tuning& tuning) {
    const LayerTime time = layer_time(run, cluster, tuning);
    return {time.obstacle, {}, time.forward, time.backward};
  }
  static Times of_step(const Run& run, const Cluster& cluster, const Tuning& tuning) {
    const StepTime time = step_time(run, cluster, tuning);
    return {time.obstacle, time.time, {}, {}};
  }

  const StepValidation& context_;
  std::vector<Known> known_;
};

/// A time of a layer, as rows state it.
struct LayerField {
  const char* name;
  Seconds (*of)(const Times& times);
};
constexpr std::array kLayerFields{
    LayerField{"combined_ms", [](const Times& times) { return times.forward + times.backward; }},
    LayerField{"forward_ms", [](const Times& times) { return times.forward; }},
    LayerField{"backward_ms", [](const Times& times) { return times.backward; }}};

/// One for each time that the row states; the first has the row's own id.
void add_layer(std::vector<Comparison>& rows, Comparison row, const Node& record, const Times& times) {
  const std::string id = row.id;
  bool first = true;
  for (const auto& [name, of] : kLayerFields) {
    const auto published = number_field(record, name);
    if (!published) continue;
    row.id = first ? id : fmt::format("{}@{}", id, name);
    row.quantity = name;
    row.published = *published;
    if (row.reason.empty()) row.simulated = of(times) / (1e-3 * second);
    rows.push_back(row);
    first = false;
  }
  if (first) rows.push_back(std::move(row));
}

}  // namespace

std::vector<Comparison> validate_steps(const Node& file, const StepValidation& context, Problems& problems) {
  std::vector<Comparison> rows;
  StepSimulator simulate(context);
  const auto& fitted = context.resolve.systems.calibration_rows;
  const std::set<std::string> calibration(fitted.begin(), fitted.end());
  for (const Node* record : records_of(file, problems)) {
    const MeasuredStep step = measured_step(*record, context.resolve);
    Comparison row{.id = step.id,
                   .suite = step.suite,
                   .quantity = step.target.quantity,
                   .published = step.target.value,
                   .calibration = context.calibrated && calibration.contains(step.id),
                   .kind = std::string(spelling(step.kind)),
                   .assumed = fmt::format("{}", fmt::join(step.assumed, "; "))};
    const bool wanted = !context.suite || *context.suite == step.suite;
    const Times times = wanted ? simulate(step) : Times{};
    row.reason = times.obstacle;
    if (step.kind == MeasuredKind::layer) {
      if (!wanted) row.reason = "of another suite";
      add_layer(rows, std::move(row), *record, times);
      continue;
    }
    if (wanted && row.reason.empty()) row.simulated = step.target.of(times.step);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace traingrid

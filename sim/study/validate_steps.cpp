#include "study/validate_steps.hpp"

#include "campaign/campaign.hpp"
#include "campaign/step_memo.hpp"
#include "study/measured_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace traingrid {
namespace {

/// Equal designs are simulated once, whatever they are called.
class StepSimulator {
 public:
  explicit StepSimulator(const StepValidation& context) : context_(context) {}

  StepTime operator()(const MeasuredStep& step) {
    if (!step.reason.empty()) return {step.reason, {}};
    const auto library = context_.libraries.find(step.run.software.collectives);
    if (library == context_.libraries.end())
      return {fmt::format("there is no communication library '{}'", step.run.software.collectives), {}};
    Cluster cluster = step.cluster;
    cluster.accelerator.memory.capacity = 1e18 * byte;  // it ran: whether our count of its memory agrees is no question
    const Tuning tuning = tuning_of(cluster, library->second);
    StepInputs inputs = step_inputs(step.run, cluster, tuning, {}, Folding::certified);
    const auto known = std::ranges::find(known_, inputs, &Known::first);
    if (known != known_.end()) return known->second;
    known_.emplace_back(std::move(inputs), step_time(step.run, cluster, tuning));
    return known_.back().second;
  }

 private:
  using Known = std::pair<StepInputs, StepTime>;
  const StepValidation& context_;
  std::vector<Known> known_;
};

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
                   .assumption = step.assumption,
                   .calibration = context.calibrated && calibration.contains(step.id)};
    if (!context.suite || *context.suite == step.suite) {
      const StepTime outcome = simulate(step);
      row.reason = outcome.obstacle;
      if (row.reason.empty()) row.simulated = step.target.of(outcome.time);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace traingrid

#include "study/validate_steps.hpp"

#include "campaign/campaign.hpp"
#include "study/measured_fields.hpp"

#include <fmt/format.h>

#include <set>

namespace traingrid {
namespace {

/// The time of a step, or why there is none.
struct Outcome {
  std::optional<Seconds> time;
  std::string reason;
};

/// Equal designs are simulated once.
class StepSimulator {
 public:
  explicit StepSimulator(const StepValidation& context) : context_(context) {}

  Outcome operator()(const MeasuredStep& step) {
    if (!step.reason.empty()) return {{}, step.reason};
    const auto [found, is_new] = outcomes_.try_emplace(step.design);
    if (is_new) found->second = simulate(step);
    return found->second;
  }

 private:
  Outcome simulate(const MeasuredStep& step) const {
    const auto library = context_.libraries.find(step.run.software.collectives);
    if (library == context_.libraries.end())
      return {{}, fmt::format("there is no communication library '{}'", step.run.software.collectives)};
    Cluster cluster = step.cluster;
    cluster.accelerator.memory.capacity = 1e18 * byte;  // it ran: whether our count of its memory agrees is no question
    const Campaign campaign = simulate_campaign(step.run, cluster, tuning_of(cluster, library->second));
    if (!campaign.obstacle.empty()) return {{}, campaign.obstacle};
    return {campaign.step->result.time, ""};
  }

  const StepValidation& context_;
  std::map<std::string, Outcome> outcomes_;
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
                   .calibration = context.calibrated && calibration.contains(step.id)};
    if (!context.suite || *context.suite == step.suite) {
      const Outcome outcome = simulate(step);
      row.reason = outcome.reason;
      if (outcome.time) row.simulated = step.target.of(*outcome.time);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace traingrid

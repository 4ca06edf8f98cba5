#include "campaign/step_memo.hpp"

#include <utility>

namespace traingrid {
namespace {

void forget_watts_and_prices(Accelerator& accelerator) {
  accelerator.power = {};
  accelerator.economics = {};
}

}  // namespace

StepInputs step_inputs(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                       Folding folding) {
  StepInputs inputs{run, cluster, tuning, overrides, folding};
  inputs.run.tokens = 0;
  for (RampStage& stage : inputs.run.batch_ramp) stage.tokens = 0;
  inputs.run.published.reset();
  forget_watts_and_prices(inputs.cluster.accelerator);
  for (Generation& generation : inputs.cluster.generations) forget_watts_and_prices(generation.accelerator);
  inputs.cluster.node.power = {};
  inputs.cluster.node.embodied = {};
  inputs.cluster.network.equipment.power = {};
  inputs.cluster.network.equipment.optics_per_port = {};
  inputs.cluster.storage_power_per_node = {};
  inputs.cluster.life = {};
  inputs.cluster.utilisation = 1;
  return inputs;
}

StepMemo::Steps& StepMemo::steps_of(StepInputs inputs) {
  if (inputs_ != inputs) {
    steps_.clear();
    inputs_ = std::move(inputs);
  }
  return steps_;
}

}  // namespace traingrid

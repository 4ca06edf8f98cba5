#include "campaign/step_memo.hpp"

#include <string>
#include <utility>

namespace traingrid {
namespace {

/// Without what neither dates nor watts depend on.
Cluster without_prices(Cluster cluster) {
  cluster.accelerator.economics = {};
  for (Generation& generation : cluster.generations) generation.accelerator.economics = {};
  cluster.node.embodied = {};
  cluster.life = {};
  cluster.utilisation = 1;
  return cluster;
}

Cluster without_watts(Cluster cluster) {
  cluster.accelerator.power = {};
  for (Generation& generation : cluster.generations) generation.accelerator.power = {};
  cluster.node.power = {};
  cluster.network.equipment.power = {};
  cluster.network.equipment.optics_per_port = {};
  cluster.storage_power_per_node = {};
  return cluster;
}

}  // namespace

StepInputs step_inputs(const Run& run, const Cluster& cluster, const Tuning& tuning, const Overrides& overrides,
                       Folding folding) {
  StepInputs inputs{run, without_watts(without_prices(cluster)), tuning, overrides, folding};
  for (std::string* name : {&inputs.run.name, &inputs.run.site, &inputs.run.software.name, &inputs.run.organisation})
    name->clear();
  inputs.run.start = {};
  inputs.run.publication.reset();
  inputs.run.contributors = 0;
  inputs.run.tokens = 0;
  inputs.run.lost_time = 0;
  for (RampStage& stage : inputs.run.batch_ramp) stage.tokens = 0;
  inputs.run.published.reset();
  return inputs;
}

StepMemo::Steps& StepMemo::steps_of(StepInputs inputs) {
  if (inputs_ != inputs) {
    steps_.clear();
    powers_.clear();
    inputs_ = std::move(inputs);
  }
  return steps_;
}

StepMemo::Powers& StepMemo::powers_of(const Cluster& cluster) {
  Cluster powered = without_prices(cluster);
  if (powered_ != powered) {
    powers_.clear();
    powered_ = std::move(powered);
  }
  return powers_;
}

}  // namespace traingrid

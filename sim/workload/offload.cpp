#include "workload/offload.hpp"

#include "workload/run.hpp"
#include "workload/schedule.hpp"

#include <algorithm>

namespace traingrid {

bool Offload::moves(OffloadModule module) const { return std::ranges::count(offload_modules, module) > 0; }

void Offload::describe(Fields& fields) {
  fields.optional("cpu_offloading_num_layers", cpu_offloading_num_layers,
                  "Layers, the first of the model, whose activations lie in the host until their way back.",
                  non_negative);
  fields.optional("offload_modules", offload_modules,
                  "Parts of every layer but the last of a model chunk whose input lies in the host.");
  fields.check("offload_modules", offload_modules.empty() || cpu_offloading_num_layers == 0,
               "whole layers (cpu_offloading_num_layers) or parts of all, not both");
  fields.check("offload_modules", !moves(OffloadModule::attn_proj) || moves(OffloadModule::core_attn),
               "attn_proj needs core_attn, whose way back reads the same");
  fields.optional("cpu_checkpointing", cpu_checkpointing,
                  "Inputs of recomputed layers, all but the last of a model chunk, lie in the host.");
  fields.optional("optimizer_offload_fraction", optimizer_offload_fraction,
                  "Share of the parameters whose optimizer states lie in the host, which updates them.", fraction);
  fields.optional("overlap_cpu_optimizer_d2h_h2d", overlap_cpu_optimizer_d2h_h2d,
                  "Gradients and updated parameters are copied while others are updated.");
  fields.check("overlap_cpu_optimizer_d2h_h2d", of_optimizer() || !overlap_cpu_optimizer_d2h_h2d,
               "has an effect with optimizer_offload_fraction above 0 only");
  fields.optional("offload_param", offload_param,
                  "Sharded parameters lie in the host, and a rank's part is copied whenever it is gathered.");
  fields.check("offload_param", !offload_param || optimizer_offload_fraction == 1,
               "needs `optimizer_offload_fraction: 1`: the host updates what it holds");
}

void Run::describe_offload(Fields& fields) {
  fields.optional("offload", offload, "What lies in the memory of the hosts.");
  const bool layers = offload.cpu_offloading_num_layers > 0;
  fields.check(
      "offload", !layers || offload.cpu_offloading_num_layers < model.num_hidden_layers,
      "cpu_offloading_num_layers must be below the layers of the model: the last needs its activations at once");
  fields.check("offload", !layers || parallelism.pipeline == 1,
               "cpu_offloading_num_layers needs pipeline: 1; offload_modules do not");
  fields.check("offload", !layers || recompute == Recompute::none,
               "cpu_offloading_num_layers needs recompute: none; cpu_checkpointing is for full");
  fields.check("offload", !layers || !software.cuda_graphs,
               "cpu_offloading_num_layers does not work with CUDA graphs, which the software uses");
  fields.check("offload", !offload.cpu_checkpointing || recompute == Recompute::full,
               "cpu_checkpointing needs recompute: full");
  fields.check(
      "offload", offload.offload_modules.empty() || recompute != Recompute::full,
      "of layers that are recomputed whole offload_modules find nothing; cpu_checkpointing moves their inputs");
  const bool in_experts = offload.moves(OffloadModule::expert_fc1) || offload.moves(OffloadModule::moe_act);
  fields.check("offload", !in_experts || model.num_experts > 0, "expert_fc1 and moe_act are of experts");
  fields.check("offload", !in_experts || !repeats(RecomputeModule::moe),
               "of experts that are recomputed whole (moe) nothing is left for expert_fc1 and moe_act");
  fields.check("offload", !offload.of_activations() || model.operators.empty(),
               "activations of a list of operators are not offloaded");
  const Schedule* known = find_schedule(schedule);
  fields.check("offload", !offload.of_activations() || known == nullptr || !known->splits_backward,
               "activations are not offloaded under schedules that need them for two passes back");
  const Sharding sharding =
      parallelism.sharding.value_or(software.distributed_optimizer ? Sharding::optimizer : Sharding::none);
  fields.check("offload", !offload.of_optimizer() || sharding != Sharding::none,
               "the host updates sharded optimizer states only: sharding optimizer, gradients or parameters");
  fields.check("offload", !offload.offload_param || sharding == Sharding::parameters,
               "offload_param needs sharding: parameters");
}

}  // namespace traingrid

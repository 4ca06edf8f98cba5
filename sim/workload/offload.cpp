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

namespace {

void check_layers(const Run& run, Fields& fields) {
  if (run.offload.cpu_offloading_num_layers == 0) return;
  fields.check(
      "offload", run.offload.cpu_offloading_num_layers < run.model.num_hidden_layers,
      "cpu_offloading_num_layers must be below the layers of the model: the last needs its activations at once");
  fields.check("offload", run.parallelism.pipeline == 1,
               "cpu_offloading_num_layers needs pipeline: 1; offload_modules do not");
  fields.check("offload", run.recompute == Recompute::none,
               "cpu_offloading_num_layers needs recompute: none; cpu_checkpointing is for full");
  fields.check("offload", !run.software.cuda_graphs,
               "cpu_offloading_num_layers does not work with CUDA graphs, which the software uses");
}

void check_modules(const Run& run, Fields& fields) {
  const Offload& offload = run.offload;
  fields.check(
      "offload", offload.offload_modules.empty() || run.recompute != Recompute::full,
      "of layers that are recomputed whole offload_modules find nothing; cpu_checkpointing moves their inputs");
  const bool in_experts = offload.moves(OffloadModule::expert_fc1) || offload.moves(OffloadModule::moe_act);
  fields.check("offload", !in_experts || run.model.num_experts > 0, "expert_fc1 and moe_act are of experts");
  fields.check("offload", !in_experts || !run.repeats(RecomputeModule::moe),
               "of experts that are recomputed whole (moe) nothing is left for expert_fc1 and moe_act");
  fields.check("offload", !offload.moves(OffloadModule::mlp_norm) || !run.model.parallel_residual,
               "mlp_norm is attn_norm in a model whose attention and MLP read the same norm");
  fields.check("offload", !offload.moves(OffloadModule::qkv_linear) || !run.repeats(RecomputeModule::layernorm),
               "qkv_linear reads a norm that is recomputed (layernorm), not kept");
  fields.check("offload", !offload.moves(OffloadModule::core_attn) || !run.repeats(RecomputeModule::mla_up_proj),
               "core_attn reads what is recomputed (mla_up_proj), not kept");
}

void check_activations(const Run& run, Fields& fields) {
  check_layers(run, fields);
  check_modules(run, fields);
  fields.check("offload", !run.offload.cpu_checkpointing || run.recompute == Recompute::full,
               "cpu_checkpointing needs recompute: full");
  fields.check("offload", !run.offload.cpu_checkpointing || run.recompute_layers.value_or(1) > 0,
               "cpu_checkpointing moves inputs of recomputed layers, and recompute_layers is 0");
  if (!run.offload.of_activations()) return;
  fields.check("offload", run.model.operators.empty(), "activations of a list of operators are not offloaded");
  const std::int64_t chunks = std::int64_t{run.parallelism.pipeline} * run.parallelism.virtual_stages;
  fields.check("offload", !run.parallelism.pipeline_layers.empty() || run.model.num_hidden_layers > chunks,
               "the last layer of a model chunk offloads nothing, and no chunk has two");
  const Schedule* known = find_schedule(run.schedule);
  fields.check("offload", known == nullptr || !known->splits_backward,
               "activations are not offloaded under schedules that need them for two passes back");
}

void check_optimizer(const Run& run, Fields& fields) {
  const Offload& offload = run.offload;
  const Sharding sharding =
      run.parallelism.sharding.value_or(run.software.distributed_optimizer ? Sharding::optimizer : Sharding::none);
  fields.check("offload", !offload.of_optimizer() || sharding != Sharding::none,
               "the host updates sharded optimizer states only: sharding optimizer, gradients or parameters");
  fields.check("offload", !offload.offload_param || sharding == Sharding::parameters,
               "offload_param needs sharding: parameters");
  const bool copies = !offload.offload_param || !run.software.early_gradient_offload;
  fields.check("offload", !offload.overlap_cpu_optimizer_d2h_h2d || copies,
               "overlap_cpu_optimizer_d2h_h2d finds no copies: gradients went early, parameters stay in the host");
}

}  // namespace

void Run::describe_offload(Fields& fields) {
  fields.optional("offload", offload, "What lies in the memory of the hosts.");
  check_activations(*this, fields);
  check_optimizer(*this, fields);
}

}  // namespace traingrid

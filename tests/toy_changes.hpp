// What makes of a toy run one with experts, sharded parameters or shared sequences; for `StepCase::change` and the
// like.
#pragma once

#include "workload/run.hpp"

namespace traingrid {

/// Gated MLP, grouped heads, rotary positions, RMSNorm, an untied head, flash attention.
inline void make_llama(Run& run) {
  run.model.num_key_value_heads = run.model.num_attention_heads / 4;
  run.model.gated_mlp = run.model.rotary = true;
  run.model.learned_positions = run.model.tie_word_embeddings = run.model.dropout = run.model.bias = false;
  run.software.flash_attention = true;
}

/// Every layer with `experts` routed experts of half the MLP's width, two for each token, and one shared, over groups
/// of `ranks`.
inline void make_experts(Run& run, int experts, int ranks) {
  run.model.num_experts = experts;
  run.model.num_experts_per_tok = 2;
  run.model.moe_intermediate_size = run.model.shared_expert_intermediate_size = run.model.intermediate_size / 2;
  run.model.n_shared_experts = 1;
  run.parallelism.expert = ranks;
  run.parallelism.sequence_parallel = true;
}

/// A distributed optimizer and gradients reduced during the backward pass, as experts are trained in practice.
inline void make_overlapped(Run& run) {
  run.software.distributed_optimizer = run.software.overlap_data_parallel = true;
}

/// FSDP: parameters gathered layer by layer; over groups of `ranks` if hybrid, over all replicas if 0.
inline void make_fully_sharded(Run& run, int ranks = 0) {
  make_overlapped(run);
  run.parallelism.sharding = Sharding::parameters;
  if (ranks > 0) run.parallelism.shard_group = ranks;
}

}  // namespace traingrid

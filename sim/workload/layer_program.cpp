#include "workload/layer_program.hpp"

#include "workload/experts.hpp"

namespace traingrid {

bool LayerProgram::routes_only(int layer) const {
  return layer >= 0 && model_.has_experts(layer) && model_.shared_expert_intermediate_size == 0;
}

void LayerProgram::forward(BlockBuilder& block, int layer, Term term) const {
  attention_forward(block, term);
  sum_over_tensor(block, !routes_only(layer));
  block.compute(term, residual_forward(shape_));
  block.compute(term, mlp_norm_forward(shape_));
  if (model_.has_experts(layer)) {
    experts_forward(block, term);
    gather_over_tensor(block);
  } else {
    block.compute(term, mlp_forward(shape_, model_.intermediate_size));
    sum_over_tensor(block);
  }
  block.compute(term, residual_forward(shape_));
}

void LayerProgram::recompute(BlockBuilder& block, int layer) const {
  if (run_.recompute == Recompute::full) forward(block, layer, Term::recompute);
  if (run_.recompute == Recompute::selective) {
    block.compute(Term::recompute, attention_core_forward(shape_, shape_.sequence));
  }
}

void LayerProgram::backward(BlockBuilder& block, int layer) const {
  if (model_.has_experts(layer)) {
    experts_backward(block);
    gather_over_tensor(block);
  } else {
    block.compute(Term::compute, mlp_backward(shape_, model_.intermediate_size));
    sum_over_tensor(block);
  }
  block.compute(Term::compute, residual_backward(shape_));
  attention_backward(block);
  sum_gradients_for(block, layer - 1);
  block.compute(Term::compute, residual_backward(shape_));
}

void LayerProgram::attention_forward(BlockBuilder& block, Term term) const {
  const bool ring = run_.parallelism.context_exchange == ContextExchange::ring;
  block.compute(term, attention_input_forward(shape_));
  block.collective(Comm::context, Term::context, Collective::all_gather, shape_.keys_and_values(), ring);
  core(block, term, attention_core_forward);
  block.compute(term, attention_output_forward(shape_));
}

/// Around a ring the gradients of keys and values travel with them; gathered ones are summed when all are known.
void LayerProgram::attention_backward(BlockBuilder& block) const {
  const bool ring = run_.parallelism.context_exchange == ContextExchange::ring;
  const Bytes bytes = shape_.keys_and_values();
  block.compute(Term::compute, attention_output_backward(shape_));
  block.collective(Comm::context, Term::context, Collective::all_gather, bytes, ring);
  if (ring) block.collective(Comm::context, Term::context, Collective::reduce_scatter, bytes, true);
  core(block, Term::compute, attention_core_backward);
  if (!ring) block.collective(Comm::context, Term::context, Collective::reduce_scatter, bytes);
  block.compute(Term::compute, attention_input_backward(shape_));
}

/// Around a ring the last part of the keys is worked on after it has come, all others while the next one comes.
void LayerProgram::core(BlockBuilder& block, Term term, Operators (*operators)(const RankShape&, std::int64_t)) const {
  const std::int64_t keys = shape_.sequence, last = shape_.context_sequence;
  if (shape_.context == 1 || run_.parallelism.context_exchange == ContextExchange::all_gather) {
    block.compute(term, operators(shape_, keys));
    return;
  }
  block.compute(term, operators(shape_, keys - last));
  block.wait(Comm::context, Term::context);
  block.compute(term, operators(shape_, last));
}

/// Tokens to the ranks of their experts, and there to all that share an expert.
void LayerProgram::exchange(BlockBuilder& block) const {
  block.collective(Comm::expert, Term::expert, Collective::all_to_all, dispatched_bytes(shape_));
  block.collective(Comm::expert_tensor, Term::expert, Collective::all_gather, gathered_bytes(shape_));
}

void LayerProgram::exchange_back(BlockBuilder& block) const {
  block.collective(Comm::expert_tensor, Term::expert, Collective::reduce_scatter, gathered_bytes(shape_));
  block.collective(Comm::expert, Term::expert, Collective::all_to_all, dispatched_bytes(shape_));
}

void LayerProgram::experts_forward(BlockBuilder& block, Term term) const {
  if (const std::int64_t shared = model_.shared_expert_intermediate_size; shared > 0) {
    block.compute(term, mlp_forward(shape_, shared));
    sum_over_tensor(block, false);
  }
  block.compute(term, dispatch_forward(shape_));
  exchange(block);
  block.compute(term, traingrid::experts_forward(shape_));
  block.compute(Term::expert, experts_forward_excess(shape_));
  exchange_back(block);
  block.compute(term, combine_forward(shape_));
}

void LayerProgram::experts_backward(BlockBuilder& block) const {
  if (const std::int64_t shared = model_.shared_expert_intermediate_size; shared > 0) {
    block.compute(Term::compute, mlp_backward(shape_, shared));
    sum_over_tensor(block, false);
  }
  block.compute(Term::compute, combine_backward(shape_));
  exchange(block);
  block.compute(Term::compute, traingrid::experts_backward(shape_));
  block.compute(Term::expert, experts_backward_excess(shape_));
  exchange_back(block);
  block.compute(Term::compute, dispatch_backward(shape_));
}

void LayerProgram::sum_over_tensor(BlockBuilder& block, bool gather) const {
  if (!shape_.sequence_parallel) {
    block.collective(Comm::tensor, Term::tensor, Collective::all_reduce, shape_.activation());
    return;
  }
  block.collective(Comm::tensor, Term::tensor, Collective::reduce_scatter, shape_.activation());
  if (gather) gather_over_tensor(block);
}

void LayerProgram::sum_gradients_for(BlockBuilder& block, int layer) const {
  sum_over_tensor(block, !routes_only(layer));
}

void LayerProgram::gather_over_tensor(BlockBuilder& block) const {
  block.collective(Comm::tensor, Term::tensor, Collective::all_gather, shape_.activation());
}

}  // namespace traingrid

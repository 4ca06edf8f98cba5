#include "workload/layer_program.hpp"

#include "workload/eager.hpp"
#include "workload/experts.hpp"

namespace traingrid {

void LayerProgram::forward(BlockBuilder& block, Term term) const {
  if (const ListedOperator* listed = this->listed()) {
    block.compute(term, listed_forward(*listed, shape_.tokens(), run_.precision));
    return;
  }
  block.compute(term, attention_norm_forward(shape_));
  gather(block);
  attention_forward(block, term);
  if (!model_.parallel_residual) {
    reduce(block, false);
    residual_forward(block, term);
    if (model_.crosses(layer_)) cross_attention_forward(block, term);
    block.compute(term, mlp_norm_forward(shape_));
  }
  if (model_.has_experts(layer_)) {
    experts_forward(block, term);
  } else {
    if (!model_.parallel_residual) gather(block);
    mlp_forward(block, model_.intermediate_size, term);
  }
  residual_forward(block, term);
}

const ListedOperator* LayerProgram::listed() const {
  return model_.operators.empty() ? nullptr : &model_.operators[static_cast<std::size_t>(layer_)];
}

void LayerProgram::recompute(BlockBuilder& block) const {
  if (run_.recompute == Recompute::full) forward(block, Term::recompute);
  if (run_.recompute != Recompute::selective) return;
  const auto repeats = [&](RecomputeModule module) { return run_.repeats(module); };
  if (repeats(RecomputeModule::layernorm)) {
    block.compute(Term::recompute, attention_norm_forward(shape_));
    if (!model_.parallel_residual) block.compute(Term::recompute, mlp_norm_forward(shape_));
  }
  if (repeats(RecomputeModule::mla_up_proj)) block.compute(Term::recompute, attention_up_forward(shape_));
  if (repeats(RecomputeModule::core_attn))
    block.compute(Term::recompute, attention_core_forward(shape_, shape_.sequence));
  recompute_mlp(block);
}

void LayerProgram::recompute_mlp(BlockBuilder& block) const {
  if (!model_.has_experts(layer_)) {
    if (!run_.repeats(RecomputeModule::mlp)) return;
    block.compute(Term::recompute, mlp_norm_forward(shape_));
    gather(block);
    mlp_forward(block, model_.intermediate_size, Term::recompute);
  } else if (run_.repeats(RecomputeModule::moe)) {
    experts_forward(block, Term::recompute);
  } else {
    if (run_.repeats(RecomputeModule::moe_act)) block.compute(Term::recompute, experts_activation_forward(shape_));
    if (!run_.repeats(RecomputeModule::shared_experts)) return;
    gather(block);
    mlp_forward(block, model_.shared_expert_intermediate_size, Term::recompute);
  }
}

void LayerProgram::backward(BlockBuilder& block) const {
  if (const ListedOperator* listed = this->listed()) {
    block.compute(Term::compute, listed_backward(*listed, shape_.tokens(), run_.precision));
    return;
  }
  if (model_.has_experts(layer_)) {
    experts_backward(block);
  } else {
    gather(block);
    block.compute(Term::compute, traingrid::mlp_backward(shape_, model_.intermediate_size));
    if (!model_.parallel_residual || shape_.eager) reduce(block, true);  // of each branch by itself
  }
  if (!model_.parallel_residual) {
    residual_backward(block);
    if (model_.crosses(layer_)) cross_attention_backward(block);
    gather(block);
  }
  attention_backward(block);
  reduce(block, true);
  residual_backward(block);
}

void LayerProgram::cross_attention_forward(BlockBuilder& block, Term term) const {
  block.compute(term, attention_norm_forward(shape_));
  gather(block);
  block.compute(term, traingrid::cross_attention_forward(shape_, input_));
  reduce(block, false);
  residual_forward(block, term);
}

void LayerProgram::cross_attention_backward(BlockBuilder& block) const {
  gather(block);
  block.compute(Term::compute, traingrid::cross_attention_backward(shape_, input_));
  reduce(block, true);
  residual_backward(block);
}

void LayerProgram::attention_forward(BlockBuilder& block, Term term) const {
  const bool ring = run_.parallelism.context_exchange == ContextExchange::ring;
  block.compute(term, attention_input_forward(shape_));
  block.collective(Comm::context, Term::context, Collective::all_gather, shape_.keys_and_values(), ring);
  core(block, term, attention_core_forward);
  block.compute(term, eager_attention_forward(shape_));
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
  block.compute(Term::compute, eager_attention_backward(shape_));
  block.compute(Term::compute, attention_input_backward(shape_));
}

/// Around a ring the last part of the keys is worked on after it has come, all others while the next one comes.
void LayerProgram::core(BlockBuilder& block, Term term, Operators (*operators)(const RankShape&, std::int64_t)) const {
  const std::int64_t keys = shape_.sequence, last = shape_.context_sequence;
  if (shape_.context == 1 || run_.parallelism.context_exchange == ContextExchange::all_gather) {
    block.compute(term, operators(shape_, keys));
    return;
  }
  RankShape others = shape_;
  others.apart = true;
  block.compute(term, operators(others, keys - last));
  block.wait(Comm::context, Term::context);
  block.compute(term, operators(shape_, last));
  block.compute(term, operators == attention_core_backward ? ring_backward(shape_) : ring_forward(shape_));
}

void LayerProgram::residual_forward(BlockBuilder& block, Term term) const {
  block.compute(term, traingrid::residual_forward(shape_));
  block.compute(term, eager_residual_forward(shape_));
}

void LayerProgram::residual_backward(BlockBuilder& block) const {
  block.compute(Term::compute, traingrid::residual_backward(shape_));
  block.compute(Term::compute, eager_residual_backward(shape_));
}

void LayerProgram::mlp_forward(BlockBuilder& block, std::int64_t width, Term term) const {
  block.compute(term, traingrid::mlp_forward(shape_, width));
  reduce(block, false);
}

void LayerProgram::mlp_backward(BlockBuilder& block, std::int64_t width) const {
  block.compute(Term::compute, traingrid::mlp_backward(shape_, width));
  reduce(block, true);
}

/// Over the network and inside nodes at once, where tokens go to a node once; else all copies the same way.
void LayerProgram::send_to_experts(BlockBuilder& block, double narrowed) const {
  const Bytes copies = narrowed * dispatched_bytes(shape_);
  if (hides_exchange_) {
    const Bytes to_nodes = narrowed * dispatched_to_nodes(shape_);
    if (shape_.expert_nodes == 1)
      return block.background({{Comm::expert, copies}}, Term::expert, Collective::all_to_all);
    return block.background({{Comm::expert_rail, to_nodes}, {Comm::expert_node, copies}}, Term::expert,
                            Collective::all_to_all);
  }
  if (shape_.expert_nodes == 1) return block.collective(Comm::expert, Term::expert, Collective::all_to_all, copies);
  block.collective_pair(Comm::expert_rail, narrowed * dispatched_to_nodes(shape_), Comm::expert_node, copies,
                        Term::expert, Collective::all_to_all);
}

/// Tokens to the ranks of their experts, and there to all that share an expert; or gradients of what these gave.
void LayerProgram::exchange(BlockBuilder& block, bool forward) const {
  if (const Seconds host = run_.software.expert_overhead; host > Seconds{})
    block.compute(Term::expert, {host_work("tokens of every expert", host)});
  send_to_experts(block, forward ? element_size(shape_.sent_to_experts) / element_size(shape_.precision) : 1);
  block.collective(Comm::expert_tensor, Term::expert, Collective::all_gather, gathered_bytes(shape_));
}

void LayerProgram::exchange_back(BlockBuilder& block) const {
  block.collective(Comm::expert_tensor, Term::expert, Collective::reduce_scatter, gathered_bytes(shape_));
  send_to_experts(block, 1);
}

void LayerProgram::experts_forward(BlockBuilder& block, Term term) const {
  if (const std::int64_t shared = model_.shared_expert_intermediate_size; shared > 0) {
    gather(block);
    mlp_forward(block, shared, term);
  }
  block.compute(term, dispatch_forward(shape_));
  exchange(block, true);
  block.compute(term, traingrid::experts_forward(shape_));
  block.compute(Term::expert, experts_forward_excess(shape_));
  exchange_back(block);
  block.compute(term, combine_forward(shape_));
}

void LayerProgram::experts_backward(BlockBuilder& block) const {
  if (const std::int64_t shared = model_.shared_expert_intermediate_size; shared > 0) {
    gather(block);
    mlp_backward(block, shared);
  }
  block.compute(Term::compute, combine_backward(shape_));
  exchange(block, false);
  block.compute(Term::compute, traingrid::experts_backward(shape_));
  block.compute(Term::expert, experts_backward_excess(shape_));
  exchange_back(block);
  block.compute(Term::compute, dispatch_backward(shape_));
}

void reduce_over_tensor(BlockBuilder& block, const Run& run, const RankShape& shape, bool backward) {
  const auto kind = shape.sequence_parallel ? Collective::reduce_scatter : Collective::all_reduce;
  const Bytes bytes = shape.activation();
  const TensorOverlap overlap = run.parallelism.tensor_overlap;
  if (overlap == TensorOverlap::none || (overlap == TensorOverlap::backward && !backward)) {
    block.collective(Comm::tensor, Term::tensor, kind, bytes);
  } else if (backward) {
    block.collective_beside_weights(Comm::tensor, Term::tensor, kind, bytes);
  } else {
    block.collective_beside_last(Comm::tensor, Term::tensor, kind, bytes, run.parallelism.tensor_overlap_chunks);
  }
}

void gather_over_tensor(BlockBuilder& block, const Run& run, const RankShape& shape, Bytes bytes) {
  if (!shape.sequence_parallel) return;
  const bool chunks = run.parallelism.tensor_overlap == TensorOverlap::chunks;
  block.collective_beside_next(Comm::tensor, Term::tensor, Collective::all_gather, bytes,
                               chunks ? run.parallelism.tensor_overlap_chunks : 1);
}

}  // namespace traingrid

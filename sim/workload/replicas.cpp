#include "workload/replicas.hpp"

#include "units/index.hpp"

#include <utility>

namespace traingrid {

std::vector<bool> reducing_visits(const Layout& layout, const std::vector<Visit>& visits) {
  std::vector<bool> reducing(visits.size(), false);
  std::vector<int> later(index(layout.virtual_stages), 0);  // visits with gradients of weights, by chunk
  int next_chunk = -1;
  for (std::size_t i = visits.size(); i-- > 0;) {
    if (visits[i].pass == Pass::forward || visits[i].pass == Pass::backward_input) continue;
    const bool last = later[index(visits[i].chunk)]++ == 0;
    const bool turn_ends = std::exchange(next_chunk, visits[i].chunk) != visits[i].chunk;
    reducing[i] = layout.sharding == Sharding::gradients ? turn_ends : last;
  }
  return reducing;
}

Weights Replicas::others(int virtual_stage) const {
  Weights weights = chunk_weights(run_.model, layout_, virtual_stage);
  const int first = layout_.first_layer(virtual_stage);
  for (int i = 0; i < layout_.layers[index(virtual_stage)]; ++i) weights = weights - layer(first + i);
  return weights;
}

Weights Replicas::trained(Weights all, int layers) const {
  return run_.lora ? Weights{.dense = layers * run_.lora->weights(run_.model, layout_.tensor)} : all;
}

int Replicas::bucket_end(int begin, int end) const {
  const double least = fully_sharded() ? 0 : run_.software.bucket_parameters_per_rank * layout_.data;
  int next = begin + 1;
  while (next < end && bucket(begin, next).total() < least) ++next;
  return next;
}

Weights Replicas::bucket(int begin, int end) const {
  Weights weights;
  for (int i = begin; i < end; ++i) weights += gathered(layer(i), 1);
  return weights;
}

void Replicas::gather_parameters(BlockBuilder& block, Weights weights) const {
  const Bytes each = element_size(shape_.precision) * byte;
  if (fully_sharded()) weights = {.dense = weights.total()};
  const Comm holders = fully_sharded() ? Comm::shard : Comm::data;
  if (run_.offload.offload_param)
    block.with_host(holders, Term::data, Collective::copy_from_host, weights.dense * each, true);
  if (weights.dense >= 1) block.collective(holders, Term::data, Collective::all_gather, weights.dense * each, true);
  if (weights.expert >= 1)
    block.collective(Comm::expert_data, Term::data, Collective::all_gather, weights.expert * each, true);
}

void Replicas::gather_bucket(BlockBuilder& block, int begin, int end) const {
  if (begin < end) gather_parameters(block, bucket(begin, bucket_end(begin, end)));
}

void Replicas::gather_next_chunk(BlockBuilder& block, int virtual_stage) const {
  const int next = virtual_stage / layout_.pipeline + 1;
  if (next == layout_.virtual_stages) return;
  const int chunk = layout_.virtual_stage(layout_.stage_of(virtual_stage), next);
  gather_parameters(block, gathered(chunk_weights(run_.model, layout_, chunk), layout_.layers[index(chunk)]));
}

void Replicas::wait_for_parameters(BlockBuilder& block) const {
  block.wait(fully_sharded() ? Comm::shard : Comm::data, Term::data);
  if (!fully_sharded()) block.wait(Comm::expert_data, Term::data);
}

void Replicas::gather_updated(BlockBuilder& block, Weights weights) const {
  const Bytes each = element_size(shape_.precision) * byte;
  block.collective(Comm::data, Term::data, Collective::all_gather, weights.dense * each);
  if (weights.expert >= 1)
    block.collective(Comm::expert_data, Term::data, Collective::all_gather, weights.expert * each);
}

void Replicas::accumulate_gradients(BlockBuilder& block, Weights weights) const {
  const double parameters = fully_sharded() ? weights.total() / layout_.shard_group : weights.total();
  if (micro_batches_ < 2 || parameters < 1) return;
  const double sum = run_.software.gradient_bytes;
  const double traffic = run_.software.fused_gradient_accumulation ? sum : element_size(shape_.precision) + 2 * sum;
  Operator pass = memory_pass("accumulate gradients", parameters * traffic * byte);
  pass.weight_gradient = true;
  block.compute(Term::compute, {pass});
}

void Replicas::reduce_gradients(BlockBuilder& block, Weights weights, bool asynchronous) const {
  if (kind_ == StepKind::local) return;
  const auto kind = layout_.sharding == Sharding::none ? Collective::all_reduce : Collective::reduce_scatter;
  if (fully_sharded()) weights = {.dense = weights.total()};
  const Bytes each = exchanged_gradient();
  if (weights.dense >= 1) block.collective(Comm::data, Term::data, kind, weights.dense * each, asynchronous);
  if (weights.expert >= 1) block.collective(Comm::expert_data, Term::data, kind, weights.expert * each, asynchronous);
  if (!run_.software.early_gradient_offload) return;
  const Bytes away = run_.offload.optimizer_offload_fraction * run_.software.gradient_bytes * byte;
  block.with_host(Comm::data, Term::data, Collective::copy_to_host, weights.dense * away, asynchronous);
  block.with_host(Comm::expert_data, Term::data, Collective::copy_to_host, weights.expert * away, asynchronous);
}

void Replicas::compress_gradients(BlockBuilder& block, Weights weights) const {
  if (kind_ == StepKind::local || run_.gradient_compression <= 1) return;
  const double parameters = fully_sharded() ? weights.total() / layout_.shard_group : weights.total();
  const Bytes each = 3 * run_.software.gradient_bytes * byte + exchanged_gradient();
  block.compute(Term::data, {memory_pass("compress gradients", parameters * each)});
}

void Replicas::settle_gradients(BlockBuilder& block, Weights weights, int stage) const {
  if (run_.software.overlap_data_parallel) {
    block.wait(Comm::data, Term::data);
    block.wait(Comm::expert_data, Term::data);
  } else {
    reduce_gradients(block, weights, false);
  }
  const Bytes each = exchanged_gradient() / (fully_sharded() ? layout_.shard_group : 1);
  if (kind_ != StepKind::local)
    block.collective(Comm::replicas, Term::data, Collective::all_reduce, weights.total() * each);
  if (tied_embeddings() && (stage == 0 || stage == layout_.pipeline - 1)) {
    const double rows = static_cast<double>(run_.model.vocab_size * run_.model.hidden_size) / layout_.tensor;
    block.collective(Comm::embedding, Term::data, Collective::all_reduce,
                     rows * run_.software.gradient_bytes / (fully_sharded() ? layout_.shard_group : 1) * byte);
  }
}

}  // namespace traingrid

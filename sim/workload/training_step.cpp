#include "workload/training_step.hpp"

#include "units/index.hpp"
#include "workload/activations.hpp"
#include "workload/head_program.hpp"
#include "workload/layer_program.hpp"
#include "workload/offload_program.hpp"
#include "workload/replicas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace traingrid {
namespace {

class StepBuilder {
 public:
  StepBuilder(const Run& run, const Layout& layout, int micro_batches, StepKind kind)
      : run_(run),
        layout_(layout),
        micro_batches_(micro_batches),
        kind_(kind),
        shape_(run, layout),
        replicas_(run, layout, micro_batches, kind),
        offload_(run, shape_) {}

  Program build() {
    program_.tags = 2 * layout_.pipeline * layout_.virtual_stages;
    comms_ = add_communicators(program_, layout_, run_);
    for (int stage = 0; stage < layout_.pipeline; ++stage) add_role(stage);
    return std::move(program_);
  }

 private:
  void add_role(int stage);
  int forward(int virtual_stage, bool gathers, bool paired);
  int backward(int virtual_stage, Pass pass, bool reduce_gradients, bool paired);
  int block_of(const Visit& visit, int stage, bool once, bool paired);
  double narrow_weights(int stage) const;
  int finish_step(int stage);

  int direction(int from, int to) const;
  static int tag(Pass pass, int from, int to);
  void receive(BlockBuilder& block, Pass pass, int from, int to);
  void send(BlockBuilder& block, Pass pass, int from, int to);

  BlockBuilder block(std::string name, Part part = Part::all) {
    return {program_, comms_, run_, std::move(name), part};
  }
  void overhead(BlockBuilder& block, std::string_view name, Seconds time);
  Bytes message_bytes() const;
  bool overlaps_data() const { return run_.software.overlap_data_parallel; }
  /// What is read, and last what is predicted: the same, but in models with an encoder.
  std::vector<RankShape> sequences() const;

  const Run& run_;
  const Layout& layout_;
  int micro_batches_;
  StepKind kind_;
  RankShape shape_;
  Replicas replicas_;
  OffloadProgram offload_;
  Program program_;
  CommIndex comms_{};
  /// By pass, virtual stage, whether gradients are summed or, forward, parameters gathered, and whether it is paired.
  std::map<std::tuple<Pass, int, bool, bool>, int> block_of_;
};

/// The block of a visit, written when it is first needed. `once`: the one of its chunk that goes
/// with what happens once a step, the first forward, or the last that makes gradients.
int StepBuilder::block_of(const Visit& visit, int stage, bool once, bool paired) {
  const int virtual_stage = layout_.virtual_stage(stage, visit.chunk);
  const bool ahead = visit.pass == Pass::forward ? replicas_.gathers_once() && run_.software.overlap_parameter_gather
                                                 : overlaps_data();
  const bool exchanges = visit.pass != Pass::backward_input && (replicas_.fully_sharded() || (once && ahead));
  const auto [known, fresh] = block_of_.try_emplace({visit.pass, virtual_stage, exchanges, paired}, 0);
  if (fresh)
    known->second = visit.pass == Pass::forward ? forward(virtual_stage, exchanges, paired)
                                                : backward(virtual_stage, visit.pass, exchanges, paired);
  return known->second;
}

void StepBuilder::add_role(int stage) {
  const auto visits = find_schedule(run_.schedule)->visits(layout_.shape(micro_batches_), stage);
  const std::vector<bool> reducing = reducing_visits(layout_, visits);
  const std::vector<bool> paired =
      run_.software.expert_overlap ? paired_visits(visits) : std::vector<bool>(visits.size(), false);
  std::set<int> begun;  // chunks, forward
  Role role{fmt::format("stage {}", stage), {}};
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const Visit& visit = visits[i];
    if (kind_ == StepKind::scoring && visit.pass != Pass::forward) continue;
    const bool once =
        visit.pass == Pass::forward ? begun.insert(visit.chunk).second && kind_ == StepKind::whole : reducing[i];
    role.launches.push_back({block_of(visit, stage, once, paired[i]), visit.micro_batch});
  }
  if (kind_ != StepKind::scoring) role.launches.push_back({finish_step(stage), 0});
  program_.roles.push_back(std::move(role));
  program_.role_of_rank.insert(program_.role_of_rank.end(), index(layout_.stage_ranks()), stage);
}

std::vector<RankShape> StepBuilder::sequences() const {
  if (!run_.model.operators.empty()) return {};
  if (run_.model.encoder_layers == 0) return {shape_};
  return {shape_, layer_shape(run_, shape_, run_.model.num_hidden_layers - 1)};
}

int StepBuilder::forward(int virtual_stage, bool gathers, bool paired) {
  BlockBuilder block =
      this->block(fmt::format("F{}{}", virtual_stage, gathers && !replicas_.fully_sharded() ? "+" : ""));
  const int first = layout_.first_layer(virtual_stage), end = first + layout_.layers[index(virtual_stage)];
  const bool ahead =
      gathers && (replicas_.fully_sharded() || virtual_stage < layout_.pipeline);  // else since the chunk before
  if (ahead) replicas_.gather_parameters(block, replicas_.gathered(replicas_.others(virtual_stage), 0));
  if (ahead) replicas_.gather_bucket(block, first, end);
  receive(block, Pass::forward, virtual_stage - 1, virtual_stage);
  if (gathers) replicas_.wait_for_parameters(block);
  if (virtual_stage < layout_.pipeline) overhead(block, "micro-batch", run_.software.micro_batch_overhead);
  if (virtual_stage == 0) {
    for (const RankShape& tokens : sequences()) {
      block.compute(Term::compute, embedding_forward(tokens));
      reduce_over_tensor(block, run_, tokens, false);
    }
  }
  for (int i = first; i < end;) {
    const int next = replicas_.bucket_end(i, end);
    if (ahead) replicas_.gather_bucket(block, next, end);
    for (; i < next; ++i) {
      LayerProgram(run_, shape_, i, paired).forward(block, Term::compute);
      if (kind_ != StepKind::scoring) offload_.after_forward(block, {first, end - first, i - first});
    }
    if (ahead && next < end) replicas_.wait_for_parameters(block);
  }
  if (gathers && !replicas_.fully_sharded()) replicas_.gather_next_chunk(block, virtual_stage);
  send(block, Pass::forward, virtual_stage, virtual_stage + 1);
  if (virtual_stage == layout_.last_virtual_stage() && run_.model.operators.empty())
    head_forward(block, run_, sequences().back());
  return block.finish();
}

int StepBuilder::backward(int virtual_stage, Pass pass, bool reduce, bool paired) {
  const Part part = pass == Pass::backward ? Part::all : pass == Pass::backward_input ? Part::inputs : Part::weights;
  const std::string_view name = pass == Pass::backward ? "B" : pass == Pass::backward_input ? "I" : "W";
  BlockBuilder block = this->block(fmt::format("{}{}{}", name, virtual_stage, reduce ? "+" : ""), part);
  const int first = layout_.first_layer(virtual_stage), last = first + layout_.layers[index(virtual_stage)] - 1;
  if (replicas_.fully_sharded() && first <= last) replicas_.gather_parameters(block, replicas_.layer(last));
  receive(block, Pass::backward, virtual_stage + 1, virtual_stage);
  if (virtual_stage == layout_.last_virtual_stage() && run_.model.operators.empty())
    head_backward(block, run_, sequences().back());
  if (replicas_.fully_sharded()) replicas_.wait_for_parameters(block);
  for (int i = last; i >= first; --i) {
    if (replicas_.fully_sharded() && i > first) replicas_.gather_parameters(block, replicas_.layer(i - 1));
    offload_.before_backward(block, {first, last + 1 - first, i - first});
    const LayerProgram layer(run_, shape_, i, paired);
    if (recompute_of(run_, i - first, last + 1 - first) != Recompute::none) layer.recompute(block);
    layer.backward(block);
    replicas_.accumulate_gradients(block, replicas_.trained(replicas_.layer(i), 1));
    if (reduce) replicas_.reduce_gradients(block, replicas_.trained(replicas_.layer(i), 1), true);
    if (replicas_.fully_sharded() && i > first) replicas_.wait_for_parameters(block);
  }
  if (virtual_stage == 0) {
    for (const RankShape& tokens : sequences()) {
      gather_over_tensor(block, run_, tokens, tokens.activation());
      block.compute(Term::compute, embedding_backward(tokens));
    }
  }
  replicas_.accumulate_gradients(block, replicas_.trained(replicas_.others(virtual_stage), 0));
  send(block, Pass::backward, virtual_stage, virtual_stage - 1);
  if (reduce) replicas_.reduce_gradients(block, replicas_.trained(replicas_.others(virtual_stage), 0), true);
  return block.finish();
}

/// Of the host, in which the device does nothing.
void StepBuilder::overhead(BlockBuilder& block, std::string_view name, Seconds time) {
  if (time > Seconds{}) block.compute(Term::other, {host_work(name, time)});
}

/// Of a rank, those of linear layers, which are cast once a step if they are trained.
double StepBuilder::narrow_weights(int stage) const {
  double weights = 0;
  if (run_.lora) return weights;
  for (int chunk = 0; chunk < layout_.virtual_stages; ++chunk) {
    const int virtual_stage = layout_.virtual_stage(stage, chunk);
    weights += chunk_parameters(run_.model, layout_, virtual_stage) - replicas_.others(virtual_stage).total();
  }
  return replicas_.fully_sharded() ? weights / layout_.shard_group : weights;
}

int StepBuilder::finish_step(int stage) {
  BlockBuilder block = this->block(fmt::format("finish {}", stage));
  overhead(block, "step", run_.software.step_overhead);
  Weights weights;
  int layers = 0;
  for (int chunk = 0; chunk < layout_.virtual_stages; ++chunk) {
    weights += trained_weights(run_, layout_, layout_.virtual_stage(stage, chunk));
    layers += layout_.layers[index(layout_.virtual_stage(stage, chunk))];
  }
  replicas_.compress_gradients(block, weights);
  replicas_.settle_gradients(block, weights, stage);
  const double updated = optimizer_share(layout_, weights), away = updated * run_.offload.optimizer_offload_fraction;
  if (const double passes = run_.software.gradient_passes; passes > 0) {
    const double held = weights.total() / (replicas_.fully_sharded() ? layout_.shard_group : 1);
    const bool gone = run_.software.early_gradient_offload && layout_.sharding >= Sharding::gradients;
    const double here = held - (gone ? away : 0);
    block.compute(Term::optimizer,
                  {memory_pass("clear, check gradients", passes * run_.software.gradient_bytes * here * byte)});
  }
  block.compute(Term::optimizer,
                {memory_pass("optimizer", (updated - away) * run_.software.optimizer_traffic_bytes * byte)});
  offload_.update(block, away, std::max(layers, 1));
  block.compute(Term::optimizer, {memory_pass("cast weights", narrow_weights(stage) *
                                                                  cast_bytes(run_.precision, run_.fp8_recipe) * byte)});
  if (replicas_.gathers_once() && !run_.software.overlap_parameter_gather) replicas_.gather_updated(block, weights);
  return block.finish();
}

/// Which way along the ring of stages; 0 if both virtual stages are on the same one, or one is beyond the model.
int StepBuilder::direction(int from, int to) const {
  if (std::min(from, to) < 0 || std::max(from, to) > layout_.last_virtual_stage()) return 0;
  if (layout_.v_shaped) return layout_.stage_of(to) - layout_.stage_of(from);
  return to - from;
}

/// The number of the boundary between two virtual stages and the way across it make a message's tag.
int StepBuilder::tag(Pass pass, int from, int to) { return 2 * std::max(from, to) + (pass == Pass::forward ? 0 : 1); }

/// With scatter/gather the tensor ranks put the parts together.
void StepBuilder::receive(BlockBuilder& block, Pass pass, int from, int to) {
  const int way = direction(from, to);
  if (way == 0) return;
  block.message(Operation::Kind::receive, -way, tag(pass, from, to), message_bytes());
  const bool scattered = run_.software.scatter_gather_pipeline && !shape_.sequence_parallel;
  if (scattered) block.collective(Comm::tensor, Term::pipeline, Collective::all_gather, shape_.activation());
}

void StepBuilder::send(BlockBuilder& block, Pass pass, int from, int to) {
  if (const int way = direction(from, to); way != 0)
    block.message(Operation::Kind::send, way, tag(pass, from, to), message_bytes());
}

Bytes StepBuilder::message_bytes() const {
  const bool split = run_.software.scatter_gather_pipeline || shape_.sequence_parallel;
  return split ? shape_.activation() / static_cast<double>(layout_.tensor) : shape_.activation();
}

}  // namespace

Program training_step(const Run& run, const Layout& layout, int micro_batches, StepKind kind) {
  return StepBuilder(run, layout, micro_batches, kind).build();
}

}  // namespace traingrid

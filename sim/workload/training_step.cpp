#include "workload/training_step.hpp"

#include "workload/transformer.hpp"

#include <fmt/format.h>

#include <utility>

namespace traingrid {
namespace {

enum Comm { kTensor, kPipeline, kData, kEmbedding };

/// Collects operators until something has to be communicated, then makes them one operation.
class BlockBuilder {
 public:
  BlockBuilder(Program& program, std::string name) : program_(program) { block_.name = std::move(name); }

  void compute(Term term, const Operators& operators) {
    if (term != term_) flush();
    term_ = term;
    pending_.insert(pending_.end(), operators.begin(), operators.end());
  }
  void collective(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous = false) {
    flush();
    const auto& groups = program_.communicators[comm];
    if (groups.offsets.size() < 2 || groups.offsets[1] < 2) return;  // groups of one have nothing to exchange
    block_.operations.push_back({.kind = Operation::Kind::collective,
                                 .term = term,
                                 .communicator = comm,
                                 .collective = kind,
                                 .bytes = bytes,
                                 .asynchronous = asynchronous});
  }
  void message(Operation::Kind kind, int direction, int tag, Bytes bytes) {
    flush();
    block_.operations.push_back({.kind = kind,
                                 .term = Term::pipeline,
                                 .communicator = kPipeline,
                                 .bytes = bytes,
                                 .direction = direction,
                                 .tag = tag});
  }
  void wait(Comm comm, Term term) {
    flush();
    block_.operations.push_back({.kind = Operation::Kind::wait, .term = term, .communicator = comm});
  }
  /// Hands the finished block to the program and returns its index.
  int finish() {
    flush();
    program_.blocks.push_back(std::move(block_));
    return static_cast<int>(program_.blocks.size()) - 1;
  }

 private:
  void flush() {
    if (pending_.empty()) return;
    block_.operations.push_back({.term = term_, .work = program_.work(std::exchange(pending_, {}))});
  }

  Program& program_;
  Block block_;
  Operators pending_;
  Term term_ = Term::compute;
};

class StepBuilder {
 public:
  StepBuilder(const Run& run, const Layout& layout, int micro_batches)
      : run_(run), layout_(layout), micro_batches_(micro_batches), shape_(run, layout.tensor, layout.context) {}

  Program build() {
    program_.tags = 2 * layout_.pipeline * layout_.virtual_stages;
    add_communicators();
    for (int stage = 0; stage < layout_.pipeline; ++stage) add_role(stage);
    return std::move(program_);
  }

 private:
  void add_communicators();
  void add_role(int stage);
  int forward(int virtual_stage);
  int backward(int virtual_stage, bool reduce_gradients);
  int finish_step(int stage);

  void layer_forward(BlockBuilder& block, Term term);
  void layer_backward(BlockBuilder& block);
  void recompute(BlockBuilder& block);
  void sum_over_tensor(BlockBuilder& block);
  void accumulate_gradients(BlockBuilder& block, double parameters);
  void reduce_gradients(BlockBuilder& block, double parameters, bool asynchronous);
  void receive(BlockBuilder& block, int direction, int boundary);
  void send(BlockBuilder& block, int direction, int boundary);

  Bytes message_bytes() const;
  bool tied_embeddings() const { return run_.model.tie_word_embeddings && layout_.pipeline > 1; }

  const Run& run_;
  const Layout& layout_;
  int micro_batches_;
  RankShape shape_;
  Program program_;
};

void StepBuilder::add_communicators() {
  const Layout& l = layout_;
  program_.communicators = {{"tensor", Term::tensor, {}, {}},
                            {"pipeline", Term::pipeline, {}, {}},
                            {"data", Term::data, {}, {}},
                            {"embedding", Term::data, {}, {}}};
  std::vector<std::int32_t> group;
  const auto fill = [&](Comm comm, int count, auto rank_of) {
    group.clear();
    for (int i = 0; i < count; ++i) group.push_back(rank_of(i));
    program_.communicators[comm].add_group(group);
  };
  for (int stage = 0; stage < l.pipeline; ++stage) {
    for (int d = 0; d < l.data; ++d) {
      for (int c = 0; c < l.context; ++c) fill(kTensor, l.tensor, [&](int t) { return l.rank(stage, d, c, t); });
    }
  }
  for (int d = 0; d < l.data; ++d) {
    for (int c = 0; c < l.context; ++c) {
      for (int t = 0; t < l.tensor; ++t) {
        fill(kPipeline, l.pipeline, [&](int stage) { return l.rank(stage, d, c, t); });
        if (tied_embeddings()) fill(kEmbedding, 2, [&](int end) { return l.rank(end * (l.pipeline - 1), d, c, t); });
      }
    }
  }
  for (int stage = 0; stage < l.pipeline; ++stage) {
    for (int t = 0; t < l.tensor; ++t) {
      fill(kData, l.data * l.context, [&](int i) { return l.rank(stage, i / l.context, i % l.context, t); });
    }
  }
}

void StepBuilder::add_role(int stage) {
  const int chunks = layout_.virtual_stages;
  std::vector<int> forwards, backwards, last_backwards;
  for (int chunk = 0; chunk < chunks; ++chunk) {
    const int virtual_stage = layout_.virtual_stage(stage, chunk);
    forwards.push_back(forward(virtual_stage));
    backwards.push_back(backward(virtual_stage, false));
    last_backwards.push_back(run_.software.overlap_data_parallel ? backward(virtual_stage, true) : backwards.back());
  }
  Role role{fmt::format("stage {}", stage), {}};
  std::vector<int> backwards_left(static_cast<std::size_t>(chunks), micro_batches_);
  for (const Visit& visit : find_schedule(run_.schedule)->visits(layout_.shape(micro_batches_), stage)) {
    const auto chunk = static_cast<std::size_t>(visit.chunk);
    const bool last = visit.pass == Pass::backward && --backwards_left[chunk] == 0;
    const int block = visit.pass == Pass::forward ? forwards[chunk] : last ? last_backwards[chunk] : backwards[chunk];
    role.launches.push_back({block, visit.micro_batch});
  }
  role.launches.push_back({finish_step(stage), 0});
  program_.roles.push_back(std::move(role));
  const auto ranks = static_cast<std::size_t>(layout_.tensor * layout_.context * layout_.data);
  program_.role_of_rank.insert(program_.role_of_rank.end(), ranks, stage);
}

int StepBuilder::forward(int virtual_stage) {
  BlockBuilder block(program_, fmt::format("F{}", virtual_stage));
  if (virtual_stage > 0) {
    receive(block, -1, virtual_stage);
  } else {
    block.compute(Term::compute, embedding_forward(shape_));
    sum_over_tensor(block);
  }
  for (int layer = 0; layer < layout_.layers[static_cast<std::size_t>(virtual_stage)]; ++layer) {
    layer_forward(block, Term::compute);
  }
  if (virtual_stage < layout_.last_virtual_stage()) {
    send(block, +1, virtual_stage + 1);
  } else {
    block.compute(Term::compute, head_forward(shape_));
  }
  return block.finish();
}

int StepBuilder::backward(int virtual_stage, bool reduce) {
  BlockBuilder block(program_, fmt::format("B{}{}", virtual_stage, reduce ? "+" : ""));
  if (virtual_stage < layout_.last_virtual_stage()) {
    receive(block, +1, virtual_stage + 1);
  } else {
    block.compute(Term::compute, head_backward(shape_));
    sum_over_tensor(block);
  }
  const int layers = layout_.layers[static_cast<std::size_t>(virtual_stage)];
  const double layer_parameters = run_.model.layer_parameters() / layout_.tensor;
  for (int layer = 0; layer < layers; ++layer) {
    recompute(block);
    layer_backward(block);
    accumulate_gradients(block, layer_parameters);
    if (reduce) reduce_gradients(block, layer_parameters, true);
  }
  const double others = chunk_parameters(run_.model, layout_, virtual_stage) - layers * layer_parameters;
  if (virtual_stage == 0) block.compute(Term::compute, embedding_backward(shape_));
  accumulate_gradients(block, others);
  if (virtual_stage > 0) send(block, -1, virtual_stage);
  if (reduce && others >= 1) reduce_gradients(block, others, true);
  return block.finish();
}

void StepBuilder::layer_forward(BlockBuilder& block, Term term) {
  for (const Operators& half : {attention_forward(shape_), mlp_forward(shape_)}) {
    block.compute(term, half);
    sum_over_tensor(block);
    block.compute(term, residual_forward(shape_));
  }
}

void StepBuilder::recompute(BlockBuilder& block) {
  if (run_.recompute == Recompute::full) layer_forward(block, Term::recompute);
  if (run_.recompute == Recompute::selective) block.compute(Term::recompute, attention_core_forward(shape_));
}

void StepBuilder::layer_backward(BlockBuilder& block) {
  for (const Operators& half : {mlp_backward(shape_), attention_backward(shape_)}) {
    block.compute(Term::compute, half);
    sum_over_tensor(block);
    block.compute(Term::compute, residual_backward(shape_));
  }
}

/// f and g of Megatron-LM: an all-reduce, or with sequence parallelism the same bytes as reduce-scatter and all-gather.
void StepBuilder::sum_over_tensor(BlockBuilder& block) {
  if (shape_.sequence_parallel) {
    block.collective(kTensor, Term::tensor, Collective::reduce_scatter, shape_.activation());
    block.collective(kTensor, Term::tensor, Collective::all_gather, shape_.activation());
  } else {
    block.collective(kTensor, Term::tensor, Collective::all_reduce, shape_.activation());
  }
}

void StepBuilder::accumulate_gradients(BlockBuilder& block, double parameters) {
  if (micro_batches_ < 2 || parameters < 1) return;
  const double traffic =
      element_size(run_.precision) + 2 * run_.software.gradient_bytes;  // read new, read and write sum
  block.compute(Term::compute, {memory_pass("accumulate gradients", parameters * traffic * byte)});
}

void StepBuilder::reduce_gradients(BlockBuilder& block, double parameters, bool asynchronous) {
  const auto kind = run_.software.distributed_optimizer ? Collective::reduce_scatter : Collective::all_reduce;
  block.collective(kData, Term::data, kind, parameters * run_.software.gradient_bytes * byte, asynchronous);
}

int StepBuilder::finish_step(int stage) {
  BlockBuilder block(program_, fmt::format("finish {}", stage));
  double parameters = 0;
  for (int chunk = 0; chunk < layout_.virtual_stages; ++chunk) {
    parameters += chunk_parameters(run_.model, layout_, layout_.virtual_stage(stage, chunk));
  }
  if (run_.software.overlap_data_parallel) {
    block.wait(kData, Term::data);
  } else {
    reduce_gradients(block, parameters, false);
  }
  if (tied_embeddings() && (stage == 0 || stage == layout_.pipeline - 1)) {
    const double rows = static_cast<double>(run_.model.vocab_size * run_.model.hidden_size) / layout_.tensor;
    block.collective(kEmbedding, Term::data, Collective::all_reduce, rows * run_.software.gradient_bytes * byte);
  }
  const double shards = run_.software.distributed_optimizer ? layout_.data * layout_.context : 1;
  block.compute(Term::optimizer,
                {memory_pass("optimizer", parameters / shards * run_.software.optimizer_traffic_bytes * byte)});
  if (run_.software.distributed_optimizer) {
    block.collective(kData, Term::data, Collective::all_gather, parameters * element_size(run_.precision) * byte);
  }
  return block.finish();
}

/// A boundary's number and direction make its tag; with scatter/gather the tensor ranks put the parts together.
void StepBuilder::receive(BlockBuilder& block, int direction, int boundary) {
  block.message(Operation::Kind::receive, direction, 2 * boundary + (direction > 0 ? 1 : 0), message_bytes());
  const bool scattered = run_.software.scatter_gather_pipeline && !shape_.sequence_parallel;
  if (scattered) block.collective(kTensor, Term::pipeline, Collective::all_gather, shape_.activation());
}

void StepBuilder::send(BlockBuilder& block, int direction, int boundary) {
  block.message(Operation::Kind::send, direction, 2 * boundary + (direction < 0 ? 1 : 0), message_bytes());
}

Bytes StepBuilder::message_bytes() const {
  const bool split = run_.software.scatter_gather_pipeline || shape_.sequence_parallel;
  return split ? shape_.activation() / static_cast<double>(layout_.tensor) : shape_.activation();
}

}  // namespace

Program training_step(const Run& run, const Layout& layout, int micro_batches) {
  return StepBuilder(run, layout, micro_batches).build();
}

StepWork step_work(const Program& program) {
  std::vector<StepWork> by_block(program.blocks.size());
  for (std::size_t i = 0; i < program.blocks.size(); ++i) {
    for (const Operation& op : program.blocks[i].operations) {
      if (op.kind != Operation::Kind::compute) continue;
      Flop& sum = op.term == Term::recompute ? by_block[i].recomputed : by_block[i].model;
      for (const Operator& kernel : program.works[static_cast<std::size_t>(op.work)]) sum += kernel.work();
    }
  }
  std::vector<double> ranks(program.roles.size(), 0);
  for (std::int32_t role : program.role_of_rank) ++ranks[static_cast<std::size_t>(role)];
  StepWork total;
  for (std::size_t role = 0; role < program.roles.size(); ++role) {
    for (const Launch& launch : program.roles[role].launches) {
      total.model += ranks[role] * by_block[static_cast<std::size_t>(launch.block)].model;
      total.recomputed += ranks[role] * by_block[static_cast<std::size_t>(launch.block)].recomputed;
    }
  }
  return total;
}

}  // namespace traingrid

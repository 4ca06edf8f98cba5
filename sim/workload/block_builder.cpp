#include "workload/block_builder.hpp"

#include "units/index.hpp"

#include <utility>

namespace traingrid {

BlockBuilder::BlockBuilder(Program& program, const CommIndex& comms, const Run& run, std::string name, Part part)
    : program_(program),
      comms_(comms),
      part_(part),
      frozen_(run.lora.has_value()),
      launch_(run.software.cuda_graphs ? Seconds{} : run.software.launch_interval),
      library_(run.software.kernel_library == KernelLibrary::current ? "" : spelling(run.software.kernel_library)),
      overlap_traffic_(run.software.overlap_traffic) {
  block_.name = std::move(name);
}

void BlockBuilder::compute(Term term, const Operators& operators) {
  for (const Operator& kernel : operators) {
    if (frozen_ && kernel.weight_gradient) continue;
    if (part_ != Part::all && kernel.weight_gradient != (part_ == Part::weights)) continue;
    if (term != term_) flush();
    term_ = term;
    pending_.push_back(kernel);
    if (kernel.bytes > Bytes{}) pending_.back().issue = kernel.repeat * static_cast<double>(kernel.launches) * launch_;
    if (kernel.is_gemm()) {
      pending_.back().library = library_;
      settle();
    }
  }
}

/// Gradients of weights are summed when they are known; all else is exchanged with the gradients of inputs.
bool BlockBuilder::takes_part(Comm comm) const {
  const bool of_weights = comm == Comm::data || comm == Comm::expert_data;
  return communicator(comm) >= 0 && (part_ == Part::all || of_weights == (part_ == Part::weights));
}

bool BlockBuilder::exchanges(Comm comm) const {
  if (!takes_part(comm)) return false;
  const auto& offsets = program_.communicators[index(communicator(comm))].offsets;
  return offsets.size() >= 2 && offsets[1] >= 2;
}

void BlockBuilder::with_host(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous) {
  if (bytes > Bytes{} && takes_part(comm)) start(comm, term, kind, bytes, asynchronous);
}

void BlockBuilder::collective(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous) {
  if (!exchanges(comm)) return;
  start(comm, term, kind, bytes, asynchronous);
  if (asynchronous && overlap_traffic_ > 0)
    compute(Term::compute, {memory_pass("beside collectives", overlap_traffic_ * bytes)});
}

void BlockBuilder::start(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous) {
  settle();
  flush();
  block_.operations.push_back({.kind = Operation::Kind::collective,
                               .term = term,
                               .communicator = communicator(comm),
                               .collective = kind,
                               .bytes = bytes,
                               .asynchronous = asynchronous});
}

void BlockBuilder::collective_pair(Comm comm, Bytes bytes, Comm other, Bytes other_bytes, Term term, Collective kind) {
  if (exchanges(comm)) start(comm, term, kind, bytes, true);
  collective(other, term, kind, other_bytes);
  wait(comm, term);
}

void BlockBuilder::background(std::initializer_list<std::pair<Comm, Bytes>> exchanges, Term term, Collective kind) {
  join();
  for (const auto& [comm, bytes] : exchanges) {
    collective(comm, term, kind, bytes, true);
    background_.emplace_back(comm, term);
  }
}

void BlockBuilder::join() {
  for (const auto& [comm, term] : std::exchange(background_, {})) wait(comm, term);
}

void BlockBuilder::collective_beside_weights(Comm comm, Term term, Collective kind, Bytes bytes) {
  if (!exchanges(comm)) return;
  std::size_t first = pending_.size();
  while (first > 0 && pending_[first - 1].weight_gradient) --first;
  if (first == pending_.size()) return collective(comm, term, kind, bytes);
  const Operators weights = split(first);
  collective(comm, term, kind, bytes, true);
  compute(term_, weights);
  wait(comm, term);
}

void BlockBuilder::collective_beside_last(Comm comm, Term term, Collective kind, Bytes bytes, int chunks) {
  if (!exchanges(comm)) return;
  if (chunks == 1 || pending_.empty() || !pending_.back().is_gemm()) return collective(comm, term, kind, bytes);
  const Operators last = split(pending_.size() - 1);
  collective(comm, term, kind, bytes * (chunks - 1) / chunks, true);
  compute(term_, last);
  wait(comm, term);
  collective(comm, term, kind, bytes / chunks);
}

void BlockBuilder::collective_beside_next(Comm comm, Term term, Collective kind, Bytes bytes, int chunks) {
  if (!exchanges(comm)) return;
  collective(comm, term, kind, bytes / chunks);
  if (chunks == 1) return;
  collective(comm, term, kind, bytes * (chunks - 1) / chunks, true);
  beside_next_ = {comm, term};
}

void BlockBuilder::message(Operation::Kind kind, int direction, int tag, Bytes bytes) {
  if (part_ == Part::weights) return;
  join();
  settle();
  flush();
  block_.operations.push_back({.kind = kind,
                               .term = Term::pipeline,
                               .communicator = communicator(Comm::pipeline),
                               .bytes = bytes,
                               .direction = direction,
                               .tag = tag});
}

void BlockBuilder::wait(Comm comm, Term term) {
  if (communicator(comm) < 0 || part_ == Part::weights) return;
  settle();
  flush();
  block_.operations.push_back({.kind = Operation::Kind::wait, .term = term, .communicator = communicator(comm)});
}

int BlockBuilder::finish() {
  join();
  settle();
  flush();
  program_.blocks.push_back(std::move(block_));
  return static_cast<int>(program_.blocks.size()) - 1;
}

void BlockBuilder::settle() {
  if (const auto due = std::exchange(beside_next_, std::nullopt)) wait(due->first, due->second);
}

Operators BlockBuilder::split(std::size_t first) {
  const auto from = pending_.begin() + static_cast<std::ptrdiff_t>(first);
  Operators taken(from, pending_.end());
  pending_.erase(from, pending_.end());
  flush();
  return taken;
}

void BlockBuilder::flush() {
  if (pending_.empty()) return;
  block_.operations.push_back({.term = term_, .work = program_.work(std::exchange(pending_, {}))});
}

}  // namespace traingrid

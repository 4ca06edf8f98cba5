#include "workload/block_builder.hpp"

#include "units/index.hpp"

#include <utility>

namespace traingrid {

BlockBuilder::BlockBuilder(Program& program, const CommIndex& comms, std::string name)
    : program_(program), comms_(comms) {
  block_.name = std::move(name);
}

void BlockBuilder::compute(Term term, const Operators& operators) {
  if (operators.empty()) return;
  if (term != term_) flush();
  term_ = term;
  pending_.insert(pending_.end(), operators.begin(), operators.end());
}

void BlockBuilder::collective(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous) {
  const int at = communicator(comm);
  if (at < 0) return;
  flush();
  const auto& offsets = program_.communicators[index(at)].offsets;
  if (offsets.size() < 2 || offsets[1] < 2) return;
  block_.operations.push_back({.kind = Operation::Kind::collective,
                               .term = term,
                               .communicator = at,
                               .collective = kind,
                               .bytes = bytes,
                               .asynchronous = asynchronous});
}

void BlockBuilder::message(Operation::Kind kind, int direction, int tag, Bytes bytes) {
  flush();
  block_.operations.push_back({.kind = kind,
                               .term = Term::pipeline,
                               .communicator = communicator(Comm::pipeline),
                               .bytes = bytes,
                               .direction = direction,
                               .tag = tag});
}

void BlockBuilder::wait(Comm comm, Term term) {
  if (communicator(comm) < 0) return;
  flush();
  block_.operations.push_back({.kind = Operation::Kind::wait, .term = term, .communicator = communicator(comm)});
}

int BlockBuilder::finish() {
  flush();
  program_.blocks.push_back(std::move(block_));
  return static_cast<int>(program_.blocks.size()) - 1;
}

void BlockBuilder::flush() {
  if (pending_.empty()) return;
  block_.operations.push_back({.term = term_, .work = program_.work(std::exchange(pending_, {}))});
}

}  // namespace traingrid

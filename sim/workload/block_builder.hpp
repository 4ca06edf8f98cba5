// Writes the operations of one block: collects operators until something has to be communicated.
#pragma once

#include "workload/program.hpp"
#include "workload/step_communicators.hpp"
#include "workload/transformer.hpp"

#include <string>

namespace traingrid {

class BlockBuilder {
 public:
  BlockBuilder(Program& program, const CommIndex& comms, std::string name);

  void compute(Term term, const Operators& operators);
  /// Nothing where groups have one rank, or where the layout has no such groups.
  void collective(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous = false);
  /// A send or a receive along the pipeline.
  void message(Operation::Kind kind, int direction, int tag, Bytes bytes);
  /// Likewise nothing where there are no such groups.
  void wait(Comm comm, Term term);
  /// Hands the finished block to the program and returns its index.
  int finish();

 private:
  void flush();
  int communicator(Comm comm) const { return comms_[static_cast<std::size_t>(comm)]; }

  Program& program_;
  const CommIndex& comms_;
  Block block_;
  Operators pending_;
  Term term_ = Term::compute;
};

}  // namespace traingrid

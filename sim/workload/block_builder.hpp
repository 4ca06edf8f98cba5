// Writes the operations of one block: collects operators until something has to be communicated.
#pragma once

#include "workload/program.hpp"
#include "workload/step_communicators.hpp"
#include "workload/transformer.hpp"

#include <optional>
#include <string>
#include <utility>

namespace traingrid {

/// What of a pass goes into a block: all of it, all but the gradients of weights, or these alone, which need no one.
enum class Part { all, inputs, weights };

class BlockBuilder {
 public:
  BlockBuilder(Program& program, const CommIndex& comms, const Run& run, std::string name, Part part = Part::all);

  void compute(Term term, const Operators& operators);
  /// Nothing where groups have one rank, or where the layout has no such groups. Kernels beside an asynchronous one
  /// lose the memory traffic that the software says.
  void collective(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous = false);
  /// Two of the same kind at once, each over ranks and bytes of its own; nothing beside them.
  void collective_pair(Comm comm, Bytes bytes, Comm other, Bytes other_bytes, Term term, Collective kind);
  /// The same beside all that follows, until the next ones in the background or a message: kernels that stand for those
  /// of another micro-batch, whose work falls between and is as long.
  void background(std::initializer_list<std::pair<Comm, Bytes>> exchanges, Term term, Collective kind);
  /// The same while the gradients of weights that were computed last are computed, in as far as there are any.
  void collective_beside_weights(Comm comm, Term term, Collective kind, Bytes bytes);
  /// The same in `chunks`, all but one of them beside the multiplication that makes (last) or takes (next) the bytes.
  void collective_beside_last(Comm comm, Term term, Collective kind, Bytes bytes, int chunks);
  void collective_beside_next(Comm comm, Term term, Collective kind, Bytes bytes, int chunks);
  /// Each of a group copies its part of the bytes to its host or from there, or has its host work on it, after what the
  /// group did before on that communicator.
  void with_host(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous);
  /// A send or a receive along the pipeline.
  void message(Operation::Kind kind, int direction, int tag, Bytes bytes);
  /// Likewise nothing where there are no such groups.
  void wait(Comm comm, Term term);
  /// Hands the finished block to the program and returns its index.
  int finish();

 private:
  void start(Comm comm, Term term, Collective kind, Bytes bytes, bool asynchronous);
  void flush();
  /// Waits now for what was to come beside the next multiplication.
  void settle();
  /// Waits for what is in the background.
  void join();
  /// Takes the kernels from `first` on out of those not yet written, writes the others.
  Operators split(std::size_t first);
  bool takes_part(Comm comm) const;
  bool exchanges(Comm comm) const;
  int communicator(Comm comm) const { return comms_[static_cast<std::size_t>(comm)]; }

  Program& program_;
  const CommIndex& comms_;
  Block block_;
  Part part_;
  bool frozen_;  ///< the model's weights have no gradients
  Operators pending_;
  std::optional<std::pair<Comm, Term>> beside_next_;
  std::vector<std::pair<Comm, Term>> background_;
  Term term_ = Term::compute;
  Seconds launch_;  ///< of one operator
  std::string_view library_;
  double overlap_traffic_;
};

}  // namespace traingrid

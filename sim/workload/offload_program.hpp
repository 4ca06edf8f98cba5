// When a step moves what between accelerators and their hosts: activations of layers, and what the host updates.
#pragma once

#include "workload/block_builder.hpp"
#include "workload/layout.hpp"

namespace traingrid {

/// Writes those operations into blocks; nothing for a run that does not offload.
class OffloadProgram {
 public:
  OffloadProgram(const Run& run, const RankShape& shape) : run_(run), shape_(shape) {}

  /// A layer's place in its model chunk.
  struct Place {
    int first = 0, layers = 0;  ///< of the chunk: its first layer in the model, and how many it has
    int at = 0;
  };
  /// After a layer's forward pass: the copy whose window ends here is waited for, and the next one begins.
  void after_forward(BlockBuilder& block, Place place) const;
  /// Before its way back: what was on its way here is waited for, and what comes next sets off.
  void before_backward(BlockBuilder& block, Place place) const;

  /// The host's update of so many parameters of a rank: gradients there, update, new parameters back; in `parts` one
  /// after the other, with copies of some beside updates of others if the run overlaps them.
  void update(BlockBuilder& block, double parameters, int parts) const;

 private:
  void copy(BlockBuilder& block, Comm comm, Place place, int number) const;
  int copies(Place place) const;

  const Run& run_;
  const RankShape& shape_;
};

}  // namespace traingrid

// What saves work or traffic of a training: data that is selected, weights that are pruned, gradients that are
// exchanged less often or in fewer bytes. What it does to accuracy is not modelled: the run says what it takes.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"
#include "workload/model.hpp"

#include <cstdint>
#include <optional>

namespace traingrid {

struct Run;

/// Every step scores a larger batch by a forward pass and trains on the best of it. Evans et al. 2024, arXiv
/// 2406.17711; scores of a reference model are taken to come with the data, as theirs do.
struct DataSelection {
  double super_batch = 1;                        ///< sequences that are scored, over those trained on
  std::optional<std::int64_t> scoring_sequence;  ///< tokens of a sequence as it is scored; all if absent
  void describe(Fields& fields);
  friend bool operator==(const DataSelection&, const DataSelection&) = default;
};

/// Weights that are taken out after a part of the training.
struct Pruning {
  double kept = 1;          ///< of the weights of layers
  bool structured = false;  ///< whole heads and columns; else single weights, which saves bytes and no work
  double after = 0;         ///< share of the tokens that the dense model is trained on first
  void describe(Fields& fields);
  friend bool operator==(const Pruning&, const Pruning&) = default;
};

/// The run with what a structured pruning leaves of its model: heads and columns of MLPs, in multiples of what the
/// tensor ranks need. Residual stream and embeddings stay as they are.
Run pruned(const Run& run);

/// Sizes of the model and of its files: of weights as they are multiplied, and of all that a training goes on from.
struct ModelSize {
  double parameters = 0;
  Bytes weights, training_state;
};
/// Single weights that are pruned leave a bit each that says so.
ModelSize model_size(const Run& run);

}  // namespace traingrid

// A model as a list of operators with their shapes, for those that are no transformers: convolutions as the matrix
// multiplications they amount to, and the passes over memory beside them.
#pragma once

#include "cluster/operator.hpp"
#include "input/fields.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace traingrid {

/// Of one sample: rows x depth by depth x columns, `repeat` of them in a row.
struct ListedOperator {
  std::string name;
  std::int64_t rows = 0, columns = 0, depth = 0;
  std::int64_t inputs = 0;  ///< elements read; rows x depth if absent, more than there are where windows overlap
  double passes = 0;        ///< over the output by other kernels: normalisation, activation, addition
  std::int64_t extra_weights = 0;
  std::int64_t repeat = 1;

  void describe(Fields& fields);

  double weights() const { return static_cast<double>(repeat * (columns * depth + extra_weights)); }
  friend bool operator==(const ListedOperator&, const ListedOperator&) = default;
};

/// What of such a model runs for that many samples. A gradient takes twice the passes that led to it.
std::vector<Operator> listed_forward(const ListedOperator& listed, std::int64_t samples, Precision precision);
std::vector<Operator> listed_backward(const ListedOperator& listed, std::int64_t samples, Precision precision);

/// Its inputs and, where passes follow, its outputs, kept for the way back.
Bytes listed_activations(const ListedOperator& listed, std::int64_t samples, Precision precision);

}  // namespace traingrid

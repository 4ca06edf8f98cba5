// Low-rank adapters (Hu et al. 2021, arXiv 2106.09685): beside a linear layer whose weights are frozen, two thin ones
// that are trained.
#pragma once

#include "input/fields.hpp"
#include "workload/model.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace traingrid {

/// Linear layers of a transformer, as Megatron calls them.
enum class AdapterTarget { linear_qkv, linear_proj, linear_fc1, linear_fc2 };
template <>
struct Spellings<AdapterTarget> {
  static constexpr std::array<std::string_view, 4> names{"linear_qkv", "linear_proj", "linear_fc1", "linear_fc2"};
};

struct Adapters {
  std::int64_t rank = 0;
  std::vector<AdapterTarget> targets;

  void describe(Fields& fields);
  friend bool operator==(const Adapters&, const Adapters&) = default;
  bool adapts(AdapterTarget target) const;
  /// Trained weights of one layer on each of `tensor` ranks: of the two thin matrices, the one at the side that tensor
  /// ranks share out is shared out.
  double weights(const Model& model, int tensor) const;
};

}  // namespace traingrid

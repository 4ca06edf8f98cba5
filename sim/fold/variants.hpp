// What the members of a class depend on, where that is not the same for all: each way of depending is a variant.
#pragma once

#include "fold/quotient.hpp"
#include "fold/template.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace traingrid {

/// Keys are lists of classes: of a rank those of its groups and incoming streams, by slot; of a group those of its
/// members and, after a −1 each, of its streams by set; of a message that of its sender. The first variant of a class
/// is that of its representative.
struct Variants {
  using Keys = std::vector<std::vector<std::int32_t>>;
  std::vector<Keys> ranks, groups, streams;                     ///< by class; of streams of collectives empty
  std::vector<std::int32_t> of_rank, of_group, of_stream;       ///< which of them each member has
  std::vector<std::int32_t> group_slots;                        ///< slots of a rank's key: communicators of its groups,
  std::vector<std::pair<std::int32_t, std::int32_t>> in_slots;  ///< then communicator and direction of what it receives
};

Variants variants_of(const Template& step, const Classes& classes);

}  // namespace traingrid

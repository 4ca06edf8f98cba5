// The folded step: one representative of each class of ranks, groups, streams and links, with weights and
// multiplicities. Max-min fair rates are invariant under an equitable partition, so the representatives finish when all
// of them do.
#pragma once

#include "fold/template.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace traingrid {

struct RankClass {
  std::int32_t role = 0;
  double slowdown = 1;
  std::int32_t multiplicity = 0;
  std::int32_t representative = 0;  ///< a rank
  std::vector<std::int32_t> group;  ///< its group class by communicator, or −1
  /// Its message streams by communicator and direction (−1, +1), or −1.
  std::vector<std::array<std::int32_t, 2>> outgoing, incoming;
};

struct GroupClass {
  std::int32_t communicator = 0;
  std::int32_t size = 0;  ///< members of one group
  std::int32_t multiplicity = 0;
  Seconds step_latency;
  std::vector<std::int32_t> members;  ///< rank classes, each once
  std::vector<std::int32_t> streams;  ///< stream classes, each once
};

struct StreamClass {
  std::int32_t communicator = 0;
  double share = 1;
  Seconds latency;
  std::int32_t multiplicity = 0;
  std::vector<Hop> links;  ///< of link classes: the weight is how often the class crosses one such link
};

struct LinkClass {
  Bandwidth capacity;
  std::int32_t multiplicity = 0;
  LinkId representative = 0;
};

struct Quotient {
  std::vector<RankClass> ranks;
  std::vector<GroupClass> groups;
  std::vector<StreamClass> streams;
  std::vector<LinkClass> links;
  std::vector<std::int32_t> class_of_rank, class_of_stream;
};

/// Folds by the coarsest equitable partition, checks it, and falls back to no folding should the check ever fail.
Quotient fold(const Template& step);
/// Every rank, group, stream and link a class of its own.
Quotient fold_nothing(const Template& step);

}  // namespace traingrid

// The folded step: one representative of each class of ranks, groups, streams and links, with weights and
// multiplicities.
#pragma once

#include "fold/template.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace traingrid {

/// Ranks that do the same at the same dates. What the class waits for is what its representative does.
struct RankClass {
  std::int32_t role = 0;
  double slowdown = 1;
  std::int32_t generation = -1;
  std::int32_t multiplicity = 0;
  std::int32_t representative = 0;               ///< a rank
  std::vector<std::int32_t> group;               ///< by communicator: the class of its group, or −1
  std::vector<std::vector<std::int32_t>> joins;  ///< by communicator: group classes whose representative it is part of
  std::vector<std::array<std::int32_t, 2>> incoming;               ///< by communicator and direction: streams, or −1
  std::vector<std::array<std::vector<std::int32_t>, 2>> outgoing;  ///< streams whose representative it sends
};

struct GroupClass {
  std::int32_t communicator = 0;
  std::int32_t multiplicity = 0;
  std::int32_t representative = 0;                 ///< a group of the template
  std::vector<std::int32_t> members;               ///< rank classes of the representative, each once
  std::vector<std::vector<std::int32_t>> streams;  ///< stream classes of all its groups by set of flows, in order
};

/// How often the streams of a class cross one link of a class, all together.
struct Crossing {
  std::int32_t link = 0;  ///< a link class
  std::int32_t weight = 1;
  friend bool operator==(const Crossing&, const Crossing&) = default;
};

struct StreamClass {
  double share = 1;
  Seconds latency;
  TimePerData alone;                                 ///< of messages: time of a byte on links of their own, or 0
  std::pair<std::int32_t, std::int32_t> way{-1, 0};  ///< communicator, and direction of messages
  std::int32_t multiplicity = 0;
  std::vector<Crossing> links;
};

struct LinkClass {
  Bandwidth capacity;  ///< on the scale of the weights
  std::int32_t multiplicity = 0;
  LinkId representative = 0;  ///< of the template
};

struct Quotient {
  std::vector<RankClass> ranks;
  std::vector<GroupClass> groups;
  std::vector<StreamClass> streams;
  std::vector<LinkClass> links;
  std::vector<std::int32_t> class_of_rank, class_of_group, class_of_stream;
};

/// Which class everything in a template belongs to; classes are numbered from 0 in order of appearance. Links that were
/// dropped or are not crossed have class −1.
struct Classes {
  std::vector<std::int32_t> rank, group, stream, link;
};

/// Streams of a class must be of groups of one class; of the links of a class the first stands for all. Throws
/// InputError if the weights of a link need more than 31 bits.
Quotient build_quotient(const Template& step, Classes classes);

}  // namespace traingrid

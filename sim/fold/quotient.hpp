// The folded step: one representative of each class of ranks, groups, streams and links, with weights and
// multiplicities.
#pragma once

#include "fold/template.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace traingrid {

struct RankClass {
  std::int32_t role = 0;
  double slowdown = 1;
  std::int32_t generation = -1;
  std::int32_t multiplicity = 0;
  std::int32_t representative = 0;  ///< a rank
  std::vector<std::int32_t> group;  ///< its group class by communicator, or −1
  /// Its message streams by communicator and direction (−1, +1), or −1.
  std::vector<std::array<std::int32_t, 2>> outgoing, incoming;
};

struct GroupClass {
  std::int32_t communicator = 0;
  std::int32_t multiplicity = 0;
  std::int32_t representative = 0;                 ///< a group of the template
  std::vector<std::int32_t> members;               ///< rank classes, each once
  std::vector<std::vector<std::int32_t>> streams;  ///< stream classes by set of flows, each once
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
  TimePerData alone;  ///< of messages: time of a byte on links of their own, or 0
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
  std::vector<std::int32_t> class_of_rank, class_of_stream;
};

/// Which class everything in a template belongs to; classes are numbered from 0 in order of appearance. Links that were
/// dropped or are not crossed have class −1.
struct Classes {
  std::vector<std::int32_t> rank, group, stream, link;
};

/// Ranks, groups and streams of a class must depend on each other alike; of the links of a class the first stands for
/// all. Throws std::overflow_error if the weights of a link need more than 31 bits.
Quotient build_quotient(const Template& step, Classes classes);

}  // namespace traingrid

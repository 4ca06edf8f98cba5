// Numbers things by what they are made of: equal makes, equal numbers, in order of appearance.
#pragma once

#include "fold/template.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace traingrid {

/// Everything of a thing's own that decides what it does.
using Make = std::array<std::uint64_t, 6>;

struct MakeHash {
  std::size_t operator()(const Make& make) const {
    std::uint64_t h = 0;
    for (const std::uint64_t value : make) {
      h = (h ^ value) * 0xff51afd7ed558ccdULL;
      h ^= h >> 32;
    }
    return h;
  }
};

class Makes {
 public:
  std::int32_t number(const Make& make) {
    if (make == last_ && !ids_.empty()) return last_id_;  // neighbours are often alike
    last_ = make;
    return last_id_ = ids_.try_emplace(make, static_cast<std::int32_t>(ids_.size())).first->second;
  }
  std::int32_t count() const { return static_cast<std::int32_t>(ids_.size()); }

 private:
  std::unordered_map<Make, std::int32_t, MakeHash> ids_;
  Make last_{};
  std::int32_t last_id_ = 0;
};

/// The same for lists.
class ListMakes {
 public:
  std::int32_t number(const std::vector<std::uint64_t>& list) { return ids_.try_emplace(list, count()).first->second; }
  std::int32_t count() const { return static_cast<std::int32_t>(ids_.size()); }

 private:
  std::map<std::vector<std::uint64_t>, std::int32_t> ids_;
};

inline std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
inline std::uint64_t bits(std::int32_t value) { return static_cast<std::uint64_t>(value); }

/// A group by itself, whoever its members are.
inline std::vector<std::uint64_t> make_of(const Template& step, const Group& group) {
  std::vector<std::uint64_t> make{bits(group.communicator), bits(group.shape.members), bits(group.shape.nodes),
                                  bits(group.shape.least_per_node)};
  for (const FlowSet& set : step.sets_of(group))
    make.insert(make.end(), {bits(set.distance / second), bits(set.alone), bits(set.flow_count)});
  return make;
}

/// A stream by itself and the classes at its ends: of a collective's that of its group, of a message's those of sender
/// and receiver.
inline Make make_of(const Stream& stream, std::int32_t from, std::int32_t to, std::int32_t apart = 0) {
  const std::uint64_t way = 3 * bits(stream.communicator) + bits(stream.direction + 1);
  if (stream.group >= 0) return {2 * way, bits(stream.set), bits(stream.share), bits(from), bits(to), bits(apart)};
  return {2 * way + 1, bits(stream.latency / second), bits(stream.alone), bits(from), bits(to), bits(apart)};
}

}  // namespace traingrid

#include "fold/rows.hpp"

#include "fold/distinct.hpp"
#include "fold/makes.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace traingrid {
namespace {

/// Sums of two independent hashes of 64 bits stand for the multiset of what crosses a link: two different multisets
/// agree in both with a probability of 2^-128 a pair.
using Sum = std::array<std::uint64_t, 2>;

std::uint64_t mix(std::uint64_t h, std::uint64_t seed) {
  h = (h ^ seed ^ h >> 33) * 0xff51afd7ed558ccdULL;
  h = (h ^ h >> 29) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ h >> 32;
}

void add(Sum& sum, std::int32_t stream_class, const Hop& hop) {
  const std::uint64_t what =
      static_cast<std::uint64_t>(stream_class) << 32 | static_cast<std::uint64_t>(hop.weight) << 16 | hop.parts;
  sum[0] += mix(what, 0x243f6a8885a308d3ULL);
  sum[1] += mix(what, 0x13198a2e03707344ULL);
}

std::vector<std::int32_t> classify(const Template& step, const std::vector<std::int32_t>& class_of_stream) {
  std::vector<Sum> sums(step.links.size(), Sum{0, 0});
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    for (const Hop& hop : step.path(step.streams[s])) add(sums[index(hop.link)], class_of_stream[s], hop);
  }
  std::map<std::array<std::uint64_t, 3>, std::int32_t> ids;
  std::vector<std::int32_t> class_of_link;
  class_of_link.reserve(sums.size());
  for (std::size_t l = 0; l < sums.size(); ++l) {
    if (sums[l] == Sum{0, 0}) {
      class_of_link.push_back(-1);
      continue;
    }
    const std::uint64_t capacity = bits(step.links[l].capacity / (byte / second));
    const auto next = static_cast<std::int32_t>(ids.size());
    class_of_link.push_back(ids.try_emplace({sums[l][0], sums[l][1], capacity}, next).first->second);
  }
  return class_of_link;
}

}  // namespace

Rows rows_of(const Template& step, const std::vector<std::int32_t>& class_of_stream, std::int32_t classes) {
  Rows rows{classify(step, class_of_stream), {}, {}};
  rows.crossed.resize(index(classes));
  rows.set_of_stream.reserve(step.streams.size());
  std::vector<std::int32_t> crossed, last(index(classes), 0);
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    crossed.clear();
    for (const Hop& hop : step.path(step.streams[s])) crossed.push_back(rows.class_of_link[index(hop.link)]);
    keep_distinct(crossed);
    auto& sets = rows.crossed[index(class_of_stream[s])];
    std::int32_t& guess = last[index(class_of_stream[s])];  // neighbours are often alike
    if (sets.empty() || sets[index(guess)] != crossed) {
      const auto found = std::ranges::find(sets, crossed);
      guess = static_cast<std::int32_t>(found - sets.begin());
      if (found == sets.end()) sets.push_back(crossed);
    }
    rows.set_of_stream.push_back(guess);
  }
  return rows;
}

}  // namespace traingrid

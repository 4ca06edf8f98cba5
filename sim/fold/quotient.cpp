#include "fold/quotient.hpp"

#include "fold/distinct.hpp"
#include "input/problems.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace traingrid {
namespace {

class QuotientBuilder {
 public:
  QuotientBuilder(const Template& step, Classes classes) : step_(step), classes_(std::move(classes)) {}

  Quotient build() {
    add_links();
    add_streams();
    add_groups();
    add_ranks();
    connect_groups();
    connect_messages();
    quotient_.class_of_rank = std::move(classes_.rank);
    quotient_.class_of_group = std::move(classes_.group);
    quotient_.class_of_stream = std::move(classes_.stream);
    return std::move(quotient_);
  }

 private:
  using Weights = std::map<std::int32_t, std::int64_t>;  // by stream class

  void add_links() {
    for (std::size_t l = 0; l < step_.links.size(); ++l) {
      const std::int32_t id = classes_.link[l];
      if (id < 0) continue;
      if (index(id) == quotient_.links.size())
        quotient_.links.push_back({step_.links[l].capacity, 0, static_cast<LinkId>(l)});
      ++quotient_.links[index(id)].multiplicity;
    }
  }

  void add_streams() {
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const Stream& stream = step_.streams[s];
      const std::int32_t id = classes_.stream[s];
      if (index(id) == quotient_.streams.size()) {
        const TimePerData alone = stream.alone < 0 ? TimePerData{} : step_.alone[index(stream.alone)].time;
        quotient_.streams.push_back(
            {stream.share, stream.latency, alone, {stream.communicator, stream.direction}, 0, {}});
      }
      ++quotient_.streams[index(id)].multiplicity;
    }
    const std::vector<Weights> weights = weights_of_links();
    for (std::size_t link = 0; link < weights.size(); ++link) {
      for (auto [stream, weight] : weights[link]) {
        quotient_.streams[index(stream)].links.push_back(
            {static_cast<std::int32_t>(link), static_cast<std::int32_t>(weight)});
      }
    }
  }

  /// Sums of what the streams of each class take of the representative links, scaled to whole numbers without a common
  /// divisor, and the capacities with them.
  std::vector<Weights> weights_of_links() {
    std::vector<std::int64_t> parts(quotient_.links.size(), 1);
    for_hops_of_representatives([&](std::size_t link, std::int32_t, const Hop& hop) {
      parts[link] = std::lcm(parts[link], static_cast<std::int64_t>(hop.parts));
      check_weight(parts[link]);
    });
    std::vector<Weights> weights(quotient_.links.size());
    for_hops_of_representatives([&](std::size_t link, std::int32_t stream, const Hop& hop) {
      check_weight(weights[link][stream] += hop.weight * (parts[link] / hop.parts));
    });
    for (std::size_t link = 0; link < weights.size(); ++link) {
      std::int64_t divisor = 0;
      for (auto [_, weight] : weights[link]) divisor = std::gcd(divisor, weight);
      for (auto& [_, weight] : weights[link]) weight /= divisor;
      quotient_.links[link].capacity *= static_cast<double>(parts[link]) / static_cast<double>(divisor);
    }
    return weights;
  }

  template <class Visit>
  void for_hops_of_representatives(Visit visit) const {
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      for (const Hop& hop : step_.path(step_.streams[s])) {
        const std::int32_t link = classes_.link[index(hop.link)];
        if (link >= 0 && quotient_.links[index(link)].representative == hop.link)
          visit(index(link), classes_.stream[s], hop);
      }
    }
  }

  static void check_weight(std::int64_t weight) {
    if (weight > std::numeric_limits<std::int32_t>::max())
      throw InputError(
          "the shares that flows take of a link have no common measure of 31 bits: too many ways of too many different "
          "numbers meet there. network.routing=single or ecmp takes one way for each flow");
  }

  void add_groups() {
    for (std::size_t g = 0; g < step_.groups.size(); ++g) {
      const std::int32_t id = classes_.group[g];
      if (index(id) == quotient_.groups.size()) {
        quotient_.groups.push_back({step_.groups[g].communicator, 0, static_cast<std::int32_t>(g), {}, {}});
        quotient_.groups.back().streams.resize(index(step_.groups[g].sets));
      }
      ++quotient_.groups[index(id)].multiplicity;
    }
    std::vector<bool> listed(quotient_.streams.size(), false);
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const std::int32_t stream = classes_.stream[s];
      if (step_.streams[s].group < 0 || listed[index(stream)]) continue;
      listed[index(stream)] = true;
      GroupClass& group = quotient_.groups[index(classes_.group[index(step_.streams[s].group)])];
      group.streams[index(step_.streams[s].set)].push_back(stream);
    }
    for (GroupClass& group : quotient_.groups) {
      for (auto& streams : group.streams) keep_distinct(streams);
    }
  }

  void add_ranks() {
    const std::size_t communicators = step_.program->communicators.size();
    for (std::size_t r = 0; r < step_.ranks.size(); ++r) {
      const std::int32_t id = classes_.rank[r];
      if (index(id) == quotient_.ranks.size()) {
        const Rank& rank = step_.ranks[r];
        quotient_.ranks.push_back({.role = rank.role,
                                   .slowdown = rank.slowdown,
                                   .generation = rank.generation,
                                   .representative = static_cast<std::int32_t>(r)});
        quotient_.ranks.back().group.assign(communicators, -1);
        quotient_.ranks.back().joins.resize(communicators);
        quotient_.ranks.back().outgoing.resize(communicators);
        quotient_.ranks.back().incoming.assign(communicators, {-1, -1});
      }
      ++quotient_.ranks[index(id)].multiplicity;
    }
  }

  void connect_groups() {
    for (std::size_t g = 0; g < step_.groups.size(); ++g) {
      GroupClass& group = quotient_.groups[index(classes_.group[g])];
      const bool representative = index(group.representative) == g;
      for (const std::int32_t member : step_.members_of(step_.groups[g])) {
        const std::int32_t id = classes_.rank[index(member)];
        RankClass& rank = quotient_.ranks[index(id)];
        if (rank.representative == member) rank.group[index(group.communicator)] = classes_.group[g];
        if (representative) group.members.push_back(id);
      }
      if (!representative) continue;
      keep_distinct(group.members);
      for (const std::int32_t rank : group.members)
        quotient_.ranks[index(rank)].joins[index(group.communicator)].push_back(classes_.group[g]);
    }
  }

  void connect_messages() {
    std::vector<bool> seen(quotient_.streams.size(), false);
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const Stream& stream = step_.streams[s];
      if (stream.group >= 0) continue;
      const std::size_t comm = index(stream.communicator), towards = stream.direction > 0 ? 1 : 0;
      const std::int32_t id = classes_.stream[s];
      RankClass& receiver = quotient_.ranks[index(classes_.rank[index(stream.to)])];
      // the receiver finds the sender in the opposite direction
      if (receiver.representative == stream.to) receiver.incoming[comm][1 - towards] = id;
      if (seen[index(id)]) continue;
      seen[index(id)] = true;
      quotient_.ranks[index(classes_.rank[index(stream.from)])].outgoing[comm][towards].push_back(id);
    }
  }

  const Template& step_;
  Classes classes_;
  Quotient quotient_;
};

}  // namespace

Quotient build_quotient(const Template& step, Classes classes) {
  return QuotientBuilder(step, std::move(classes)).build();
}

}  // namespace traingrid

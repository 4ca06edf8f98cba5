#include "fold/alone.hpp"

#include "fold/sharing.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

namespace traingrid {
namespace {

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

double weight_of(const Hop& hop) { return static_cast<double>(hop.weight) / hop.parts; }

}  // namespace

Bandwidth AloneFlows::capacity(LinkId link) const {
  const auto slow = rate_.find(link);
  const Bandwidth left = fabric_.capacity(link) * (slow == rate_.end() ? 1 : slow->second);
  if (!(left > Bandwidth{})) throw std::logic_error("a path crosses a link that is down");
  return left;
}

std::int32_t AloneFlows::find(std::span<const RoutedFlow> flows, std::span<const Hop> hops, std::vector<Alone>& all) {
  describe(flows, hops);
  const auto [entry, fresh] = known_.try_emplace(shape_, static_cast<std::int32_t>(all.size()));
  if (fresh) all.push_back(solve(flows, hops));
  return entry->second;
}

/// Writes down everything that decides the duration, with links numbered as they appear.
void AloneFlows::describe(std::span<const RoutedFlow> flows, std::span<const Hop> hops) {
  for (const LinkId link : links_) place_[index(link)] = kNowhere;
  links_.clear();
  shape_.clear();
  for (const RoutedFlow& flow : flows) {
    shape_.push_back(bits(flow.share));
    shape_.push_back(static_cast<std::uint64_t>(flow.hops));
    for (const Hop& hop : hops.subspan(flow.first_hop, static_cast<std::size_t>(flow.hops))) {
      const bool fresh = place_[index(hop.link)] == kNowhere;
      if (fresh) place_[index(hop.link)] = static_cast<std::int32_t>(links_.size());
      const std::int32_t place = place_[index(hop.link)];
      shape_.push_back(static_cast<std::uint64_t>(place) << 32 | static_cast<std::uint64_t>(hop.weight) << 16 |
                       hop.parts);
      if (!fresh) continue;
      links_.push_back(hop.link);
      shape_.push_back(bits(capacity(hop.link) / (byte / second)));
      shape_.push_back(static_cast<std::uint64_t>(fabric_.level_of(hop.link).first));
    }
  }
}

/// The flows of one byte of volume from start to end.
Alone AloneFlows::solve(std::span<const RoutedFlow> flows, std::span<const Hop> hops) const {
  Sharing sharing;
  Alone alone{{}, {}};
  for (const LinkId link : links_) {
    sharing.add_link(capacity(link));
    alone.loads.push_back({link, capacity(link), 0});
  }
  std::vector<std::pair<std::int32_t, Bytes>> left;
  for (const RoutedFlow& flow : flows) {
    std::vector<Sharing::Crossing> crossings;
    for (const Hop& hop : hops.subspan(flow.first_hop, static_cast<std::size_t>(flow.hops))) {
      crossings.push_back({place_[index(hop.link)], weight_of(hop)});
      alone.loads[index(crossings.back().link)].share += weight_of(hop) * flow.share;
    }
    const auto id = static_cast<std::int32_t>(left.size());
    sharing.add_flow(std::move(crossings));
    sharing.start(id);
    left.emplace_back(id, flow.share * byte);
  }
  Seconds now;
  while (!left.empty()) {
    sharing.update();
    Seconds next{std::numeric_limits<double>::infinity()};
    for (const auto& [flow, bytes] : left) next = std::min(next, bytes / sharing.rate(flow));
    now += next;
    std::erase_if(left, [&](auto& of) {
      of.second -= next * sharing.rate(of.first);
      const bool done = of.second <= 1e-12 * byte;
      if (done) sharing.stop(of.first);
      return done;
    });
  }
  alone.time = now / byte;
  return alone;
}

}  // namespace traingrid

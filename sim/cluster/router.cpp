#include "cluster/router.hpp"

#include "input/problems.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace traingrid {
namespace {

// Adaptive routing looks at so many ways of a flow; with more, at some that are evenly spaced.
constexpr int kMostCandidates = 64;
// Of detours, a few at random: Singh, "Load-balanced routing in interconnection networks" (UGAL), 2005.
constexpr int kDetourCandidates = 4;

/// Steele et al., "Fast splittable pseudorandom number generators", OOPSLA 2014: the mixer of SplitMix64.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

double share_of(const Hop& hop) { return static_cast<double>(hop.weight) / hop.parts; }

}  // namespace

Router::Router(const Fabric& fabric, const Overrides& overrides) : fabric_(fabric) {
  const RoutingKind* kind = find_routing(fabric.routing().name);
  if (kind == nullptr) throw std::logic_error("unknown routing passed the reader: " + fabric.routing().name);
  choice_ = kind->choice;
  mark(overrides);
  if (choice_ == RoutingKind::Choice::least_loaded) load_.assign(index(fabric.links()), 0);
}

void Router::mark(const Overrides& overrides) {
  for (const Mark& link : overrides.links) {
    if (link.link < fabric_.first_network_link() || link.rate == 1) continue;
    marks_.push_back(link);
    some_are_down_ = some_are_down_ || link.rate == 0;
  }
  std::ranges::sort(marks_, {}, &Mark::link);
  if (!some_are_down_ || fabric_.planes() == 1) return;
  std::vector<bool> marked(index(fabric_.planes()), false);
  for (const Mark& link : marks_) marked[index(fabric_.plane_of(link.link))] = true;
  const auto clean = std::ranges::find(marked, false);
  if (clean != marked.end()) clean_plane_ = static_cast<int>(clean - marked.begin());
}

void Router::next_phase() {
  for (const LinkId link : loaded_) load_[index(link)] = 0;
  loaded_.clear();
}

void Router::path(Device from, Device to, double share, std::vector<Hop>& path) {
  using Choice = RoutingKind::Choice;
  if (from == to) return fabric_.path(from, to, path);
  if (choice_ == Choice::all) return spray(from, to, path);
  const int ways = fabric_.ways(from, to), detours = fabric_.detours(from, to);
  if (choice_ == Choice::least_loaded) return take_least_loaded(from, to, share, path);
  if (choice_ == Choice::detour && detours > 0) return take_open(from, to, ways, detours, hash(from, to), path);
  const auto preferred = static_cast<std::uint64_t>(fabric_.preferred_way(from, to));
  take_open(from, to, 0, ways, choice_ == Choice::preferred ? preferred : hash(from, to), path);
}

void Router::spray(Device from, Device to, std::vector<Hop>& path) {
  fabric_.path(from, to, path);
  if (marks_.empty()) return;
  if (!fabric_.bundles()) {
    if (!is_open(path)) spray_over_open_ways(from, to, path);
    return;
  }
  if (some_are_down_) {
    const bool marked = std::ranges::any_of(path, [this](const Hop& hop) { return is_marked(hop); });
    if (marked || clean_plane_ < 0) return spray_over_open_ways(from, to, path);
  }
  for (Hop& hop : path) {
    if (is_between_switches(hop)) hop.link = some_are_down_ ? in_clean_plane(hop) : slowest(hop);
  }
}

/// Every link that a way crosses with its share. Of a bundle only the lane in the clean plane, which carries of every
/// flow as much as any lane does, and those that are slow.
void Router::spray_over_open_ways(Device from, Device to, std::vector<Hop>& path) {
  const int ways = fabric_.ways(from, to);
  int open = 0;
  open_ways_.clear();
  for (int way = 0; way < ways; ++way) {
    fabric_.way(from, to, way, one_way_);
    if (!is_open(one_way_)) continue;
    ++open;
    std::ranges::copy_if(one_way_, std::back_inserter(open_ways_),
                         [this](Hop hop) { return is_between_switches(hop); });
  }
  if (open == 0) take_open(from, to, 0, ways, 0, path);  // says so
  share_equally(open_ways_, 0, open);
  std::vector<LinkId> clean;
  for (const Hop& hop : path) {
    if (clean_plane_ >= 0 && is_between_switches(hop)) clean.push_back(in_clean_plane(hop));
  }
  std::erase_if(path, [this](const Hop& hop) { return is_between_switches(hop); });
  for (const Hop& hop : open_ways_) {
    if (clean_plane_ < 0 || rate_of(hop.link) != 1 || std::ranges::find(clean, hop.link) != clean.end())
      path.push_back(hop);
  }
}

void Router::take_open(Device from, Device to, int first, int count, std::uint64_t start, std::vector<Hop>& path) {
  const auto total = static_cast<std::uint64_t>(count);
  for (std::uint64_t i = 0; i < total; ++i) {
    fabric_.way(from, to, first + static_cast<int>((start + i) % total), path);
    if (is_open(path)) return;
  }
  throw InputError(fmt::format("links that are down leave no way from accelerator {} to {}", from, to));
}

void Router::take_least_loaded(Device from, Device to, double share, std::vector<Hop>& path) {
  const int ways = fabric_.ways(from, to), detours = fabric_.detours(from, to);
  const int step = std::max(1, ways / kMostCandidates), start = fabric_.preferred_way(from, to);
  double best = std::numeric_limits<double>::infinity();
  const auto consider = [&](int way) {
    fabric_.way(from, to, way, one_way_);
    const double load = is_open(one_way_) ? busiest(one_way_, share) : best;
    if (load < best) {
      best = load;
      path = one_way_;
    }
  };
  for (int i = 0; i < ways; i += step) consider((start + i) % ways);
  for (int i = 0; i < std::min(detours, kDetourCandidates); ++i)
    consider(ways + static_cast<int>(mixed(hash(from, to) + index(i)) % index(detours)));
  if (best == std::numeric_limits<double>::infinity()) take_open(from, to, 0, ways, 0, path);
  for (const Hop& hop : path) {
    if (load_[index(hop.link)] == 0) loaded_.push_back(hop.link);
    load_[index(hop.link)] += share * share_of(hop);
  }
}

/// Load over rate of the link between switches that would be busiest with this flow.
double Router::busiest(const std::vector<Hop>& path, double share) const {
  double most = 0;
  for (const Hop& hop : path) {
    if (!is_between_switches(hop)) continue;
    const Bandwidth rate = fabric_.capacity(hop.link) * rate_of(hop.link);
    most = std::max(most, (load_[index(hop.link)] + share * share_of(hop)) / (rate / (byte / second)));
  }
  return most;
}

std::uint64_t Router::hash(Device from, Device to) const {
  const auto seed = static_cast<std::uint64_t>(fabric_.routing().seed);
  return mixed(mixed(mixed(seed) ^ index(from)) ^ index(to));
}

const Router::Mark* Router::first_mark_from(LinkId link) const {
  const auto found = std::ranges::lower_bound(marks_, link, {}, &Mark::link);
  return found == marks_.end() ? nullptr : &*found;
}

double Router::rate_of(LinkId link) const {
  const Mark* mark = first_mark_from(link);
  return mark != nullptr && mark->link == link ? mark->rate : 1;
}

bool Router::is_marked(const Hop& bundle) const {
  const Mark* mark = first_mark_from(bundle.link);
  return mark != nullptr && mark->link < bundle.link + bundle.parts;
}

bool Router::is_open(const std::vector<Hop>& path) const {
  return !some_are_down_ || std::ranges::all_of(path, [this](const Hop& hop) { return rate_of(hop.link) > 0; });
}

LinkId Router::slowest(const Hop& bundle) const {
  LinkId slowest = bundle.link;
  double least = 1;
  for (const Mark* mark = first_mark_from(bundle.link); mark != nullptr && mark->link < bundle.link + bundle.parts;
       mark = first_mark_from(mark->link + 1)) {
    if (mark->rate >= least) continue;
    least = mark->rate;
    slowest = mark->link;
  }
  return slowest;
}

LinkId Router::in_clean_plane(const Hop& bundle) const {
  return bundle.link + clean_plane_ * bundle.parts / fabric_.planes();
}

void Router::path_to_switch(Device from, bool network, std::vector<Hop>& path) {
  path.clear();
  if (fabric_.memory(from) >= 0) path.push_back({fabric_.memory(from)});
  if (network && fabric_.host_carries_network()) path.push_back({fabric_.host_out(from)});
  path.push_back({network ? fabric_.nic_out(from) : fabric_.scale_up_out(from)});
}

void Router::path_from_switch(Device to, bool network, std::vector<Hop>& path) {
  path.clear();
  path.push_back({network ? fabric_.nic_in(to) : fabric_.scale_up_in(to)});
  if (network && fabric_.host_carries_network()) path.push_back({fabric_.host_in(to)});
  if (fabric_.memory(to) >= 0) path.push_back({fabric_.memory(to)});
}

void Router::path_to_host(Device from, std::vector<Hop>& path) {
  path.clear();
  if (fabric_.memory(from) >= 0) path.push_back({fabric_.memory(from)});
  path.push_back({fabric_.host_out(from)});
  path.push_back({fabric_.host_memory(from)});
}

void Router::path_from_host(Device to, std::vector<Hop>& path) {
  path.clear();
  path.push_back({fabric_.host_memory(to)});
  path.push_back({fabric_.host_in(to)});
  if (fabric_.memory(to) >= 0) path.push_back({fabric_.memory(to)});
}

void Router::path_in_host(Device of, std::vector<Hop>& path) {
  path.clear();
  path.push_back({fabric_.host_memory(of)});
}

}  // namespace traingrid

#include "cluster/graph.hpp"

#include "units/index.hpp"

#include <algorithm>

namespace traingrid {
namespace {

constexpr std::int64_t kMostCounted = std::int64_t{1} << 32;

}  // namespace

std::int32_t Graph::vertex(const std::string& name, bool end_only) {
  const auto [entry, is_new] = by_name_.emplace(name, vertices());
  if (is_new) {
    names_.push_back(name);
    end_only_.push_back(end_only);
    out_.emplace_back();
    in_.emplace_back();
    ways_to_.emplace_back();
  }
  return entry->second;
}

std::int32_t Graph::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? -1 : found->second;
}

void Graph::add_edge(std::int32_t from, std::int32_t to) {
  const auto edge = static_cast<std::int32_t>(edges_.size());
  edges_.push_back({from, to});
  out_[index(from)].push_back(edge);
  in_[index(to)].push_back(edge);
}

std::int32_t Graph::edge_between(std::int32_t from, std::int32_t to) const {
  const auto& out = out_[index(from)];
  const auto found = std::ranges::find(out, to, [this](std::int32_t edge) { return edges_[index(edge)].to; });
  return found == out.end() ? -1 : *found;
}

/// Breadth first, backwards from the target.
const Graph::WaysTo& Graph::ways_to(std::int32_t target) const {
  auto& slot = ways_to_[index(target)];
  if (slot) return *slot;
  slot = std::make_unique<WaysTo>();
  slot->distance.assign(names_.size(), -1);
  slot->count.assign(names_.size(), 0);
  slot->distance[index(target)] = 0;
  slot->count[index(target)] = 1;
  std::vector<std::int32_t> reached{target};
  for (std::size_t next = 0; next < reached.size(); ++next) {
    const std::int32_t here = reached[next];
    if (here != target && end_only_[index(here)]) continue;
    for (const std::int32_t edge : in_[index(here)]) {
      const std::int32_t before = edges_[index(edge)].from;
      int& distance = slot->distance[index(before)];
      if (distance < 0) {
        distance = slot->distance[index(here)] + 1;
        reached.push_back(before);
      }
      if (distance != slot->distance[index(here)] + 1) continue;
      std::int64_t& count = slot->count[index(before)];
      count = std::min(kMostCounted, count + slot->count[index(here)]);
    }
  }
  return *slot;
}

void Graph::way(std::int32_t from, std::int32_t to, std::int64_t number, std::vector<std::int32_t>& path) const {
  const WaysTo& ways = ways_to(to);
  for (std::int32_t here = from; here != to;) {
    std::int32_t chosen = -1;
    for (const std::int32_t edge : out_[index(here)]) {
      const std::int32_t next = edges_[index(edge)].to;
      const bool nearer = ways.distance[index(next)] == ways.distance[index(here)] - 1;
      if (!nearer || (next != to && end_only_[index(next)])) continue;
      chosen = edge;
      if (number < ways.count[index(next)]) break;
      number -= ways.count[index(next)];
    }
    path.push_back(chosen);
    here = edges_[index(chosen)].to;
  }
}

}  // namespace traingrid

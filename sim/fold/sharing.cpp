#include "fold/sharing.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <limits>

namespace traingrid {
namespace {

constexpr double kTie = 1 + 1e-12;  // levels this close are one
constexpr double kFull = 1e-9;      // of its capacity may be free on a full link

}  // namespace

void Sharing::add_link(Bandwidth capacity) { links_.push_back({.capacity = capacity}); }

void Sharing::add_flow(std::vector<Crossing> crossings) { flows_.push_back({.crossings = std::move(crossings)}); }

void Sharing::start(std::int32_t flow) {
  Flow& started = flows_[index(flow)];
  started.running = true;
  if (started.crossings.empty()) unbound_.push_back(flow);
  for (const Crossing& at : started.crossings) links_[index(at.link)].running.push_back(flow);
  mark(flow);
}

void Sharing::stop(std::int32_t flow) {
  flows_[index(flow)].running = false;
  flows_[index(flow)].rate = {};
  for (const Crossing& at : flows_[index(flow)].crossings) {
    auto& running = links_[index(at.link)].running;
    *std::ranges::find(running, flow) = running.back();
    running.pop_back();
  }
  mark(flow);
}

void Sharing::mark(std::int32_t flow) {
  for (const Crossing& at : flows_[index(flow)].crossings) {
    Link& link = links_[index(at.link)];
    if (!link.dirty) dirty_.push_back(at.link);
    link.dirty = true;
  }
}

std::span<const std::int32_t> Sharing::update() {
  collect();
  fill();
  for (const std::int32_t link : dirty_) links_[index(link)].dirty = false;
  for (const std::int32_t link : reached_links_) links_[index(link)].reached = false;
  for (const std::int32_t flow : reached_flows_) flows_[index(flow)].reached = false;
  dirty_.clear();
  return reached_flows_;
}

void Sharing::reach(std::int32_t link) {
  Link& l = links_[index(link)];
  if (l.reached) return;
  l.reached = true;
  l.free = l.capacity;
  l.wanted = 0;
  l.rising = 0;
  l.fastest = {};
  reached_links_.push_back(link);
}

/// Links and flows that are tied to a dirty link by flows in common, and flows that started on no link.
void Sharing::collect() {
  reached_links_.clear();
  reached_flows_.clear();
  for (const std::int32_t flow : unbound_) {
    if (flows_[index(flow)].running) reached_flows_.push_back(flow);
  }
  unbound_.clear();
  for (const std::int32_t link : dirty_) reach(link);
  for (std::size_t next = 0; next < reached_links_.size(); ++next) {
    for (const std::int32_t flow : links_[index(reached_links_[next])].running) {
      if (flows_[index(flow)].reached) continue;
      flows_[index(flow)].reached = true;
      reached_flows_.push_back(flow);
      for (const Crossing& at : flows_[index(flow)].crossings) {
        reach(at.link);
        links_[index(at.link)].wanted += at.weight;
        ++links_[index(at.link)].rising;
      }
    }
  }
}

/// All rates rise together until a link is full: its flows stay there, the others go on rising.
void Sharing::fill() {
  constexpr Bandwidth kEndless{std::numeric_limits<double>::infinity()};
  rising_.clear();
  for (const std::int32_t flow : reached_flows_)
    flows_[index(flow)].crossings.empty() ? settle(flow, kEndless) : rising_.push_back(flow);
  while (!rising_.empty()) {
    Bandwidth level = kEndless;
    for (const std::int32_t link : reached_links_) {
      const Link& l = links_[index(link)];
      if (l.rising > 0) level = std::min(level, l.free / l.wanted);
    }
    const auto held = std::ranges::partition(rising_, [&](std::int32_t flow) {
      return std::ranges::none_of(flows_[index(flow)].crossings, [&](const Crossing& at) {
        return links_[index(at.link)].free <= level * kTie * links_[index(at.link)].wanted;
      });
    });
    for (const std::int32_t flow : held) settle(flow, level);
    rising_.erase(held.begin(), held.end());
  }
}

void Sharing::settle(std::int32_t flow, Bandwidth rate) {
  flows_[index(flow)].rate = rate;
  for (const Crossing& at : flows_[index(flow)].crossings) {
    Link& link = links_[index(at.link)];
    link.free -= at.weight * rate;
    link.wanted -= at.weight;
    --link.rising;
    link.fastest = std::max(link.fastest, rate);
  }
}

bool Sharing::holds_back(std::int32_t link, std::int32_t flow) const {
  const Link& l = links_[index(link)];
  return l.free <= kFull * l.capacity && rate(flow) * (1 + kFull) >= l.fastest;
}

}  // namespace traingrid

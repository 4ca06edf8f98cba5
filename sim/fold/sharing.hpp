// Max-min fair rates of flows that come and go, by progressive filling; only those are worked out again that a change
// can reach. Bertsekas and Gallager, "Data Networks", 2nd edition 1992, section 6.5.2.
#pragma once

#include "units/quantity.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace traingrid {

class Sharing {
 public:
  struct Crossing {
    std::int32_t link;
    double weight;  ///< of the flow's rate
  };

  /// Flows and links are numbered in the order in which they are added; no flow runs yet.
  void add_link(Bandwidth capacity);
  void add_flow(std::vector<Crossing> crossings);

  void start(std::int32_t flow);
  void stop(std::int32_t flow);
  /// Shares out the links again; returns the running flows whose rate may have changed.
  std::span<const std::int32_t> update();

  /// Infinite on no link.
  Bandwidth rate(std::int32_t flow) const { return flows_[static_cast<std::size_t>(flow)].rate; }
  /// Whether `link` was full and no flow on it faster than `flow` when its rate was last worked out: what holds it
  /// back.
  bool holds_back(std::int32_t link, std::int32_t flow) const;

 private:
  struct Link {
    Bandwidth capacity, free, fastest;
    double wanted = 0;        ///< weight of the flows whose rate still rises
    std::int32_t rising = 0;  ///< how many they are
    bool dirty = false, reached = false;
    std::vector<std::int32_t> running;
  };
  struct Flow {
    std::vector<Crossing> crossings;
    Bandwidth rate;
    bool running = false, reached = false;
  };
  void mark(std::int32_t flow);
  void reach(std::int32_t link);
  void collect();
  void fill();
  void settle(std::int32_t flow, Bandwidth rate);

  std::vector<Link> links_;
  std::vector<Flow> flows_;
  std::vector<std::int32_t> dirty_, unbound_, reached_links_, reached_flows_, rising_;
};

}  // namespace traingrid

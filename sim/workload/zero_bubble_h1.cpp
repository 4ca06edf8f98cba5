// ZB-H1: 1F1B whose stage s computes gradients of weights s micro-batches late, so that as many are in flight on all.
// Qi et al., "Zero Bubble Pipeline Parallelism", ICLR 2024, arXiv 2401.10241, section 2: a bubble of (p - 1)(F + B -
// W).
#include "workload/schedule.hpp"

#include <algorithm>

namespace traingrid {

std::string zero_bubble_h1_obstacle(const PipelineShape& shape) {
  if (shape.virtual_stages > 1) return "schedule zero-bubble-h1 has one model chunk per stage; use zero-bubble-v";
  return "";
}

std::vector<Visit> zero_bubble_h1_visits(const PipelineShape& shape, int stage) {
  const int all = shape.micro_batches, warm_up = std::min(shape.stages - stage - 1, all);
  std::vector<Visit> visits;
  visits.reserve(3 * static_cast<std::size_t>(all));
  int inputs = 0, weights = 0;
  for (int forward = 0; forward < all; ++forward) {
    visits.push_back({forward, 0, Pass::forward});
    if (forward < warm_up) continue;
    visits.push_back({inputs++, 0, Pass::backward_input});
    if (inputs > stage) visits.push_back({weights++, 0, Pass::backward_weight});
  }
  while (inputs < all) {
    visits.push_back({inputs++, 0, Pass::backward_input});
    visits.push_back({weights++, 0, Pass::backward_weight});
  }
  while (weights < all) visits.push_back({weights++, 0, Pass::backward_weight});
  return visits;
}

}  // namespace traingrid

// 1F1B (PipeDream-Flush): warm-up forwards, then one forward and one backward in turn, then the backwards left.
// Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", ICML 2021.
#include "workload/schedule.hpp"

#include <algorithm>

namespace traingrid {

std::string one_f_one_b_obstacle(const PipelineShape& shape) {
  if (shape.virtual_stages > 1) return "schedule 1f1b has one model chunk per stage; use interleaved-1f1b";
  return "";
}

std::vector<Visit> one_f_one_b_visits(const PipelineShape& shape, int stage) {
  const int warm_up = std::min(shape.stages - stage - 1, shape.micro_batches);
  std::vector<Visit> visits;
  visits.reserve(static_cast<std::size_t>(2 * shape.micro_batches));
  int backward = 0;
  for (int forward = 0; forward < shape.micro_batches; ++forward) {
    visits.push_back({forward, 0, Pass::forward});
    if (forward >= warm_up) visits.push_back({backward++, 0, Pass::backward});
  }
  while (backward < shape.micro_batches) visits.push_back({backward++, 0, Pass::backward});
  return visits;
}

}  // namespace traingrid

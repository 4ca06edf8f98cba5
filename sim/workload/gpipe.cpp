// GPipe: all forward passes, then all backward passes. Without a pipeline it is plain gradient accumulation's order.
// Huang et al., "GPipe: Efficient Training of Giant Neural Networks using Pipeline Parallelism", NeurIPS 2019.
#include "workload/schedule.hpp"

namespace traingrid {

std::string gpipe_obstacle(const PipelineShape& shape) {
  if (shape.virtual_stages > 1) return "schedule gpipe has one model chunk per stage; use interleaved-1f1b";
  return "";
}

std::vector<Visit> gpipe_visits(const PipelineShape& shape, int) {
  std::vector<Visit> visits;
  for (int m = 0; m < shape.micro_batches; ++m) visits.push_back({m, 0, Pass::forward});
  for (int m = 0; m < shape.micro_batches; ++m) visits.push_back({m, 0, Pass::backward});
  return visits;
}

}  // namespace traingrid

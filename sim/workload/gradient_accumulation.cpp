// Gradient accumulation: micro-batch after micro-batch, each forward and backward, gradients added up. Without a
// pipeline there is no order to choose.
#include "workload/schedule.hpp"

namespace traingrid {

std::string gradient_accumulation_obstacle(const PipelineShape& shape) {
  if (shape.stages * shape.virtual_stages > 1) return "schedule gradient-accumulation has no pipeline; use 1f1b";
  return "";
}

std::vector<Visit> gradient_accumulation_visits(const PipelineShape& shape, int) {
  std::vector<Visit> visits;
  for (int m = 0; m < shape.micro_batches; ++m) {
    visits.push_back({m, 0, Pass::forward});
    visits.push_back({m, 0, Pass::backward});
  }
  return visits;
}

}  // namespace traingrid

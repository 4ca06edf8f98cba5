// Interleaved 1F1B: stage s holds chunks s, s + p, s + 2p, …; micro-batches go through in groups of p.
// Narayanan et al., "Efficient Large-Scale Language Model Training on GPU Clusters", SC 2021, section 2.2.2.
#include "workload/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

/// The k-th forward or backward visit of a stage.
Visit kth_visit(const PipelineShape& shape, int k, Pass pass) {
  const int group_size = shape.stages * shape.virtual_stages;
  const int in_group = k % group_size;
  const int chunk = in_group / shape.stages;
  return {.micro_batch = k / group_size * shape.stages + in_group % shape.stages,
          .chunk = pass == Pass::forward ? chunk : shape.virtual_stages - 1 - chunk,
          .pass = pass};
}

}  // namespace

std::string interleaved_obstacle(const PipelineShape& shape) {
  if (shape.virtual_stages < 2) return "";  // then it is 1F1B
  if (shape.stages < 2) return "interleaving needs at least 2 pipeline stages";
  if (shape.micro_batches % shape.stages != 0) {
    return fmt::format("interleaving needs micro-batches per step ({}) in multiples of the pipeline stages ({})",
                       shape.micro_batches, shape.stages);
  }
  return "";
}

std::vector<Visit> interleaved_visits(const PipelineShape& shape, int stage) {
  if (shape.virtual_stages < 2) return one_f_one_b_visits(shape, stage);
  const int total = shape.micro_batches * shape.virtual_stages;
  int warm_up = (shape.stages - stage - 1) * 2 + (shape.virtual_stages - 1) * shape.stages;
  if (shape.micro_batches == shape.stages) warm_up = total;  // as Megatron: all forwards first
  warm_up = std::min(warm_up, total);
  std::vector<Visit> visits;
  visits.reserve(static_cast<std::size_t>(2 * total));
  int backward = 0;
  for (int forward = 0; forward < total; ++forward) {
    visits.push_back(kth_visit(shape, forward, Pass::forward));
    if (forward >= warm_up) visits.push_back(kth_visit(shape, backward++, Pass::backward));
  }
  while (backward < total) visits.push_back(kth_visit(shape, backward++, Pass::backward));
  return visits;
}

}  // namespace traingrid

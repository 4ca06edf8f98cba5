// Pipeline schedules: the order in which a stage works on micro-batches. The engine knows none of them, it replays
// lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// The way back whole, or in two parts: gradients of inputs, which the stage before waits for, and those of weights.
enum class Pass { forward, backward, backward_input, backward_weight };

/// One visit of a stage: which micro-batch, which of its model chunks, which way.
struct Visit {
  int micro_batch = 0;
  int chunk = 0;  ///< 0 … virtual_stages − 1
  Pass pass = Pass::forward;
  friend bool operator==(Visit, Visit) = default;
};

struct PipelineShape {
  int stages = 1, virtual_stages = 1, micro_batches = 1;
};

/// One schedule; each is a file of its own and a line of the table in schedule.cpp.
struct Schedule {
  std::string_view name;     ///< what users write
  std::string_view summary;  ///< for help and reference
  /// Why this shape cannot be scheduled, or nothing.
  std::string (*obstacle)(const PipelineShape& shape);
  /// All visits of one stage in order: every (micro-batch, chunk) once forward, once backward, whole or in parts.
  std::vector<Visit> (*visits)(const PipelineShape& shape, int stage);
  /// Chunks go down the stages and up again, so that both ends of the model are on stage 0; else always down.
  bool v_shaped = false;
  bool splits_backward = false;  ///< gradients of weights come in a pass of their own
};
const Schedule* find_schedule(std::string_view name);
std::string schedule_names();

/// The largest number of (micro-batch, chunk) whose forward pass is done and whose gradients of weights are not, at
/// any time, by chunk.
std::vector<int> peak_in_flight(const std::vector<Visit>& visits, int chunks);

/// Visits that run beside one the other way: forward ones after the first backward one, backward ones before the last
/// forward one.
std::vector<bool> paired_visits(const std::vector<Visit>& visits);

std::string one_f_one_b_obstacle(const PipelineShape& shape);
std::vector<Visit> one_f_one_b_visits(const PipelineShape& shape, int stage);
std::string gpipe_obstacle(const PipelineShape& shape);
std::vector<Visit> gpipe_visits(const PipelineShape& shape, int stage);
std::string interleaved_obstacle(const PipelineShape& shape);
std::vector<Visit> interleaved_visits(const PipelineShape& shape, int stage);
std::string gradient_accumulation_obstacle(const PipelineShape& shape);
std::vector<Visit> gradient_accumulation_visits(const PipelineShape& shape, int stage);
std::string zero_bubble_h1_obstacle(const PipelineShape& shape);
std::vector<Visit> zero_bubble_h1_visits(const PipelineShape& shape, int stage);
std::string zero_bubble_v_obstacle(const PipelineShape& shape);
std::vector<Visit> zero_bubble_v_visits(const PipelineShape& shape, int stage);
std::string dualpipe_obstacle(const PipelineShape& shape);
std::vector<Visit> dualpipe_visits(const PipelineShape& shape, int stage);

}  // namespace traingrid

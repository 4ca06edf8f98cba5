// ZB-V: stage s holds the s-th chunk from either end of the model; what is ready goes, the way forward first.
// Qi et al., "Zero Bubble Pipeline Parallelism", ICLR 2024, arXiv 2401.10241, section 6. Their order comes from a
// search; this one from working through the pipeline in passes that all take one beat.
#include "units/index.hpp"
#include "workload/schedule.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>

namespace traingrid {
namespace {

class Beats {
 public:
  explicit Beats(const PipelineShape& shape)
      : shape_(shape), stages_(index(shape.stages)), done_(index(4 * shape.stages * shape.micro_batches), false) {}

  /// All stages in step until the last one is done; the visits of one of them.
  std::vector<Visit> visits_of(int stage) {
    for (bool busy = true; busy;) {
      busy = false;
      std::vector<std::size_t> finished;
      for (int s = 0; s < shape_.stages; ++s) busy = step(s, finished) || busy;
      for (const std::size_t pass : finished) done_[pass] = true;
    }
    return stages_[index(stage)].visits;
  }

 private:
  struct Stage {
    std::array<int, 2> forward{}, backward{};  ///< micro-batches gone so far, by chunk
    std::deque<Visit> weights;                 ///< put off
    int held = 0;
    std::vector<Visit> visits;
  };

  int ends() const { return 2 * shape_.stages; }
  int virtual_stage(int stage, int chunk) const { return chunk == 0 ? stage : ends() - 1 - stage; }
  std::size_t key(bool back, int micro_batch, int virtual_stage) const {
    return index((micro_batch * ends() + virtual_stage) * 2 + (back ? 1 : 0));
  }

  bool forward_ready(int s, int chunk) const {
    const int micro_batch = stages_[index(s)].forward[index(chunk)], at = virtual_stage(s, chunk);
    if (micro_batch >= shape_.micro_batches || stages_[index(s)].held >= ends()) return false;
    return at == 0 || done_[key(false, micro_batch, at - 1)];
  }
  /// The first chunk leaves room for the second, which is on its way.
  bool first_forward_ready(int s) const {
    const Stage& stage = stages_[index(s)];
    return forward_ready(s, 0) && stage.forward[0] - stage.forward[1] < 2 * (shape_.stages - s) - 1;
  }
  bool backward_ready(int s, int chunk) const {
    const int micro_batch = stages_[index(s)].backward[index(chunk)], at = virtual_stage(s, chunk);
    if (micro_batch >= shape_.micro_batches || !done_[key(false, micro_batch, at)]) return false;
    return at == ends() - 1 || done_[key(true, micro_batch, at + 1)];
  }

  /// One beat of a stage: false if it has nothing more to do.
  bool step(int s, std::vector<std::size_t>& finished) {
    Stage& stage = stages_[index(s)];
    if (stage.visits.size() == 6 * index(shape_.micro_batches)) return false;
    if (forward_ready(s, 1)) {
      go(s, 1, false, finished);
    } else if (first_forward_ready(s)) {
      go(s, 0, false, finished);
    } else if (backward_ready(s, 0)) {
      go(s, 0, true, finished);
    } else if (backward_ready(s, 1)) {
      go(s, 1, true, finished);
    } else if (!stage.weights.empty()) {
      settle(stage);
    }
    return true;
  }
  void go(int s, int chunk, bool back, std::vector<std::size_t>& finished) {
    Stage& stage = stages_[index(s)];
    const int micro_batch = (back ? stage.backward : stage.forward)[index(chunk)]++;
    stage.visits.push_back({micro_batch, chunk, back ? Pass::backward_input : Pass::forward});
    finished.push_back(key(back, micro_batch, virtual_stage(s, chunk)));
    if (back)
      stage.weights.push_back({micro_batch, chunk, Pass::backward_weight});
    else
      ++stage.held;
  }
  static void settle(Stage& stage) {
    stage.visits.push_back(stage.weights.front());
    stage.weights.pop_front();
    --stage.held;
  }

  PipelineShape shape_;
  std::vector<Stage> stages_;
  std::vector<bool> done_;
};

}  // namespace

std::string zero_bubble_v_obstacle(const PipelineShape& shape) {
  if (shape.stages < 2 || shape.virtual_stages != 2) {
    return "schedule zero-bubble-v needs at least 2 pipeline stages and virtual_stages 2: one chunk from either end";
  }
  return "";
}

std::vector<Visit> zero_bubble_v_visits(const PipelineShape& shape, int stage) { return Beats(shape).visits_of(stage); }

}  // namespace traingrid

// DualPipe, cut in half: stage s holds the s-th chunk from either end, as in ZB-V, and takes turns between them.
// DeepSeek-AI 2024, arXiv 2412.19437, section 3.2.1; github.com/deepseek-ai/DualPipe, dualpipev.py, whose eight phases
// these are. There a pass forward and one backward overlap, one computing while the other exchanges; here they follow
// one another.
#include "workload/schedule.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>

namespace traingrid {
namespace {

class VisitList {
 public:
  void forward(int chunk) { visits_.push_back({forwards_[static_cast<std::size_t>(chunk)]++, chunk, Pass::forward}); }
  /// Whole, or the gradients of inputs only.
  void backward(int chunk, bool split = false) {
    const int micro_batch = backwards_[static_cast<std::size_t>(chunk)]++;
    visits_.push_back({micro_batch, chunk, split ? Pass::backward_input : Pass::backward});
    if (split) put_off_.push_back({micro_batch, chunk, Pass::backward_weight});
  }
  void weights() {
    visits_.push_back(put_off_.front());
    put_off_.pop_front();
  }
  std::vector<Visit> finish() {
    while (!put_off_.empty()) weights();
    return std::move(visits_);
  }

 private:
  std::array<int, 2> forwards_{}, backwards_{};
  std::deque<Visit> put_off_;
  std::vector<Visit> visits_;
};

}  // namespace

std::string dualpipe_obstacle(const PipelineShape& shape) {
  if (shape.stages < 2 || shape.virtual_stages != 2) {
    return "schedule dualpipe needs at least 2 pipeline stages and virtual_stages 2: one chunk from either end";
  }
  if (shape.micro_batches < 2 * shape.stages) {
    return fmt::format(
        "schedule dualpipe needs at least {} micro-batches per step, twice the pipeline stages; it has {}",
        2 * shape.stages, shape.micro_batches);
  }
  return "";
}

std::vector<Visit> dualpipe_visits(const PipelineShape& shape, int stage) {
  const int after = shape.stages - stage - 1, until = stage + 1;  // stages behind this one; up to it
  VisitList list;
  const auto turn = [&](int forward, int backward) {
    list.forward(forward);
    list.backward(backward);
  };
  for (int i = 0; i < 2 * after; ++i) list.forward(0);
  for (int i = 0; i < until; ++i) {
    list.forward(0);
    list.forward(1);
  }
  for (int i = 0; i < after; ++i) {
    list.backward(1, true);
    list.weights();
    list.forward(1);
  }
  for (int i = 0; i < shape.micro_batches - 2 * shape.stages + until; ++i) {
    turn(0, 1);
    turn(1, 0);
  }
  for (int i = 0; i < after; ++i) {
    list.backward(1);
    turn(1, 0);
  }
  for (int i = 0; i < until; ++i) {  // the second half in parts, from one chunk or the other on
    list.backward(1, i > until / 2 || (i == until / 2 && stage % 2 == 1));
    list.backward(0, i >= until / 2);
  }
  for (int i = 0; i < after; ++i) {
    list.weights();
    list.backward(0, true);
  }
  return list.finish();
}

}  // namespace traingrid

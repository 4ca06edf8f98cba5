#include "workload/schedule.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace traingrid {
namespace {

constexpr std::array kSchedules{
    Schedule{"1f1b", "one forward, one backward in turn; at most `pipeline` micro-batches in flight",
             one_f_one_b_obstacle, one_f_one_b_visits},
    Schedule{"interleaved-1f1b", "1F1B over several model chunks per stage: a smaller bubble, more messages",
             interleaved_obstacle, interleaved_visits},
    Schedule{"gpipe", "all forward passes, then all backward passes", gpipe_obstacle, gpipe_visits},
    Schedule{"gradient-accumulation", "one micro-batch after the other, without a pipeline",
             gradient_accumulation_obstacle, gradient_accumulation_visits},
    Schedule{"zero-bubble-h1", "1F1B with gradients of weights put off into the bubble; no more memory",
             zero_bubble_h1_obstacle, zero_bubble_h1_visits, false, true},
    Schedule{"zero-bubble-v", "two chunks per stage, down and up again; hardly a bubble in the memory of 1F1B",
             zero_bubble_v_obstacle, zero_bubble_v_visits, true, true},
    Schedule{"dualpipe", "DualPipe in its V form, which holds every weight once; its passes are not overlapped",
             dualpipe_obstacle, dualpipe_visits, true, true},
};

}  // namespace

const Schedule* find_schedule(std::string_view name) {
  const auto found = std::ranges::find(kSchedules, name, &Schedule::name);
  return found == kSchedules.end() ? nullptr : &*found;
}

std::string schedule_names() {
  std::string names;
  for (const Schedule& schedule : kSchedules) {
    if (!names.empty()) names += ", ";
    names += schedule.name;
  }
  return names;
}

std::vector<int> peak_in_flight(const std::vector<Visit>& visits, int chunks) {
  std::vector<int> now(static_cast<std::size_t>(chunks), 0), peak = now;
  int most = -1;
  for (const Visit& visit : visits) {
    if (visit.pass == Pass::backward_input) continue;
    now[static_cast<std::size_t>(visit.chunk)] += visit.pass == Pass::forward ? 1 : -1;
    const int held = std::accumulate(now.begin(), now.end(), 0);
    if (held > most) {
      most = held;
      peak = now;
    }
  }
  return peak;
}

std::vector<bool> paired_visits(const std::vector<Visit>& visits) {
  const auto forward = [](const Visit& visit) { return visit.pass == Pass::forward; };
  const auto turn = std::ranges::find_if_not(visits, forward);
  const auto last = std::ranges::find_if(visits.rbegin(), visits.rend(), forward).base();
  std::vector<bool> paired;
  for (auto visit = visits.begin(); visit != visits.end(); ++visit)
    paired.push_back(forward(*visit) ? visit > turn : visit < last);
  return paired;
}

}  // namespace traingrid

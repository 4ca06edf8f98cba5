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
    now[static_cast<std::size_t>(visit.chunk)] += visit.pass == Pass::forward ? 1 : -1;
    const int held = std::accumulate(now.begin(), now.end(), 0);
    if (held > most) {
      most = held;
      peak = now;
    }
  }
  return peak;
}

}  // namespace traingrid

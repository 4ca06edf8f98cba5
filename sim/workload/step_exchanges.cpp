#include "workload/step_exchanges.hpp"

#include "units/index.hpp"

#include <utility>

namespace traingrid {

std::vector<bool> reducing_visits(const Layout& layout, const std::vector<Visit>& visits) {
  std::vector<bool> reducing(visits.size(), false);
  std::vector<int> later(index(layout.virtual_stages), 0);  // visits with gradients of weights, by chunk
  int next_chunk = -1;
  for (std::size_t i = visits.size(); i-- > 0;) {
    if (visits[i].pass == Pass::forward || visits[i].pass == Pass::backward_input) continue;
    const bool last = later[index(visits[i].chunk)]++ == 0;
    const bool turn_ends = std::exchange(next_chunk, visits[i].chunk) != visits[i].chunk;
    reducing[i] = layout.sharding == Sharding::gradients ? turn_ends : last;
  }
  return reducing;
}

}  // namespace traingrid

#include "collective/collective.hpp"

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

constexpr std::array kAlgorithms{
    Algorithm{"ring", "bandwidth-optimal; latency grows with the members", ring_flows, ring_volume, ring_steps},
};

}  // namespace

const Algorithm* find_algorithm(std::string_view name) {
  const auto found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return found == kAlgorithms.end() ? nullptr : &*found;
}

}  // namespace traingrid

// Links that cannot bind: on a 1:1 Clos every trunk, which makes the ring positions below a leaf alike.
#include "fold/template.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace traingrid {
namespace {

/// `guard` lies on a path next to `link`, of which the path takes `ratio` times what it takes of the guard.
struct Neighbouring {
  LinkId link, guard;
  double ratio;
  friend auto operator<=>(const Neighbouring&, const Neighbouring&) = default;
};

/// All pairs (link, link `side` places further on a path), the largest ratio of each last; a path that ends there gives
/// guard −1.
std::vector<Neighbouring> neighbouring_links(const Template& step, std::ptrdiff_t side) {
  std::vector<Neighbouring> pairs;
  for (const Stream& stream : step.streams) {
    const auto path = step.path(stream);
    for (std::ptrdiff_t at = 0; at < std::ssize(path); ++at) {
      const std::ptrdiff_t beside = at + side;
      const auto& hop = path[static_cast<std::size_t>(at)];
      if (beside < 0 || beside >= std::ssize(path)) {
        pairs.push_back({hop.link, -1, 0});
      } else {
        const auto& guard = path[static_cast<std::size_t>(beside)];
        const double of_link = static_cast<double>(hop.weight) * guard.parts;
        pairs.push_back({hop.link, guard.link, of_link / (static_cast<double>(guard.weight) * hop.parts)});
      }
    }
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace

void drop_redundant_links(Template& step) {
  constexpr double kRounding = 1 + 1e-12;
  std::vector<bool> guards(step.links.size(), false);
  for (const std::ptrdiff_t side : {-1, +1}) {
    const auto pairs = neighbouring_links(step, side);
    for (std::size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
      const LinkId link = pairs[begin].link;
      Bandwidth offered;
      bool implied = !guards[index(link)] && !step.dropped[index(link)];
      for (; end < pairs.size() && pairs[end].link == link; ++end) {
        const auto& [_, guard, ratio] = pairs[end];
        implied = implied && guard >= 0 && !step.dropped[index(guard)];
        const bool largest = end + 1 == pairs.size() || pairs[end + 1].link != link || pairs[end + 1].guard != guard;
        if (implied && largest) offered += ratio * step.links[index(guard)].capacity;
      }
      if (!implied || offered > step.links[index(link)].capacity * kRounding) continue;
      step.dropped[index(link)] = true;
      for (std::size_t i = begin; i < end; ++i) guards[index(pairs[i].guard)] = true;
    }
  }
}

}  // namespace traingrid

// What the links of the fabric carried in a step: the busiest of every level, and its load over time.
#pragma once

#include "engine/evaluate.hpp"
#include "units/quantity.hpp"

#include <string>
#include <vector>

namespace traingrid {

struct LinkUse {
  std::string level;       ///< "scale-up out", "nic out", "leaf uplink", …
  std::string busiest;     ///< name of the link; empty if no link of the level carried anything
  double utilisation = 0;  ///< mean over the step, 0..1
  LinkId link = -1;        ///< that link
};

/// By level of the fabric.
std::vector<LinkUse> link_use(const Fabric& fabric, const Evaluation& evaluation);

/// What a link carries from a date on.
struct LinkLoad {
  Seconds at;
  Bandwidth load;
};

/// The load of a link wherever it changes, in order of time. Every transfer counts at its mean rate from the first to
/// the last byte, so that the bytes of a step are exact and rates within a transfer are smoothed.
std::vector<LinkLoad> link_loads(const Evaluation& evaluation, LinkId link);

}  // namespace traingrid

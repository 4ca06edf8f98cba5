#include "facility/heat.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {

Watts cubic(Watts full, double load, double floor) { return full * std::pow(std::max(load, floor), 3); }

VolumeFlow make_up(VolumeFlow evaporated, double cycles) { return evaporated * (cycles / (cycles - 1)); }

}  // namespace traingrid

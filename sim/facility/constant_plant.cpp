#include "facility/plant.hpp"

namespace traingrid {

Overhead constant_overhead(const Site& site, Watts it) { return {.other = it * (site.pue - 1)}; }

}  // namespace traingrid

// The published steps that are nearest to a run.
#pragma once

#include "input/catalogue.hpp"
#include "study/answer.hpp"

#include <string>

namespace traingrid {

/// Of a simulated run that is feasible. The table is read apart from the inputs of the run: nothing of the result
/// depends on it.
void add_nearest(Result& result, const Point& point, const Catalogue& catalogue);

/// "nearest measured case: … (…), -2.1 %; …", or that there is none.
std::string nearest_line(const Result& result);

}  // namespace traingrid

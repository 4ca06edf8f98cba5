// Settings that change nothing say so: each is left out once, and the result compared.
#pragma once

#include "cli/options.hpp"
#include "study/result.hpp"

#include <string>

namespace traingrid {

/// A line for each `--set` without which the result is the same in every figure. Computes the point once per setting.
std::string idle_settings(const RunOptions& options, const Result& result);

}  // namespace traingrid

// How far the figures of a result are known: it is computed again and again, each time with other values of all inputs
// that are intervals (Monte Carlo; JCGM 101:2008, "Propagation of distributions").
#pragma once

#include "input/uncertain.hpp"
#include "study/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Sampling {
  int samples = 0;
  std::uint64_t seed = 0;
  int jobs = 1;  ///< processes at a time; the result does not depend on them
};

struct UncertainInput {
  std::string name;  ///< "site.grid.intensity"; where it was read first, and what is drawn with it
  Uncertain value;

  friend bool operator==(const UncertainInput&, const UncertainInput&) = default;
};
/// All that vary, each once, however often it was read.
std::vector<UncertainInput> uncertain_inputs(const std::vector<ConstantRead>& constants);

/// A figure of a result, by the name under which its interval is kept.
struct SampledFigure {
  std::string name;
  std::function<std::optional<double>(const Result& result)> value;
};

/// Where results of draws come from.
using PointOfDraw = std::function<Result(const Draw& draw)>;

/// Fills in the intervals of all figures that vary, with the inputs that matter most, and says in a note what they rest
/// on. Samples that turn out infeasible have no figures: a note counts them.
void add_intervals(Result& result, const Sampling& sampling, const std::vector<UncertainInput>& inputs,
                   const std::vector<SampledFigure>& figures, const PointOfDraw& point_of_draw);

}  // namespace traingrid

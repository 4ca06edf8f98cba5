// From a template to the few activities that stand for all of them: by a certified coarse folding, by the coarsest
// equitable partition, or without any folding. All three give the same dates.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/template.hpp"

namespace traingrid {

enum class Folding {
  certified,  ///< as coarse as its certificate allows; equitable if that takes too many rounds
  equitable,  ///< symmetric by construction: equal rates whatever happens
  none        ///< every rank, group, stream and link a class of its own
};

struct Folded {
  Quotient quotient;
  Dag dag;
  int rounds = 0;          ///< of guessing and certifying
  bool certified = false;  ///< its certificate was given; false for the other two kinds
};

/// Of guessing and certifying, before the equitable partition is taken.
inline constexpr int kMostRounds = 100;

/// Drops links from the template where that helps. The work times are per work of the program and rank class.
Folded fold(Template& step, const WorkTime& work_time, Folding folding, int most_rounds = kMostRounds);

}  // namespace traingrid

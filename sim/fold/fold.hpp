// From a template to the few activities that stand for all of them: by a certified coarse folding, by the coarsest
// equitable partition, or without any folding. All three give the same dates.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/template.hpp"
#include "fold/trace.hpp"

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
  Trace expected;          ///< of a certified folding: the course of events that the certificate was given for
};

/// How much is tried before a certified folding is given up for the equitable one, and that one for none. Operations
/// are those of the program, once for every rank class: 20 million of them fill 2 GB. A round costs what its operations
/// do (about 1 µs each) and an eighth of that for every stream.
struct Effort {
  int rounds = 100;         ///< of guessing and certifying
  double operations = 2e7;  ///< of one folding
  double tried = 1e7;       ///< operations of all rounds together, eighths for streams included,
  double worth = 2;         ///< but no more than so many times those of the unfolded step,
  double cheap = 1e6;       ///< as long as these many are exceeded
};

/// Drops links from the template where that helps. The work times are per work of the program and rank class. Throws
/// InputError if the coarsest folding takes more operations than the effort allows; Folding::none may take any.
Folded fold(Template& step, const WorkTime& work_time, Folding folding, const Effort& effort = {});

}  // namespace traingrid

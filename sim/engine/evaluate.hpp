// A step as a pure function: a fabric, departures from health, programs on accelerators → what happened when.
#pragma once

#include "cluster/device.hpp"
#include "cluster/fabric.hpp"
#include "engine/trace.hpp"
#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/template.hpp"

namespace traingrid {

enum class Folding { equitable, none };

/// A step with everything needed to read its trace.
struct Evaluation {
  Template step;
  Quotient quotient;
  Dag dag;
  Trace trace;
};

/// Same arguments, same trace. Kernels take what `accelerator` takes for them, times the slowdown of the device.
Evaluation evaluate(const Fabric& fabric, const Accelerator& accelerator, const Overrides& overrides,
                    const PlacedProgram& placed, Folding folding = Folding::equitable);

}  // namespace traingrid

// One layer alone, as it is timed by itself: what the ranks of a tensor group do for one micro-batch, with no
// embedding, head, pipeline, sum over replicas or optimizer.
#pragma once

#include "workload/layout.hpp"
#include "workload/program.hpp"
#include "workload/run.hpp"

namespace traingrid {

/// Forward; or forward and backward, with what is recomputed.
enum class LayerPasses { forward, both };

/// Of the first layer of the model.
Program layer_passes(const Run& run, const Layout& layout, LayerPasses passes);

}  // namespace traingrid

// What layers keep for their backward pass, and what of it lies in the host until then.
#pragma once

#include "workload/run.hpp"
#include "workload/transformer.hpp"

#include <cstdint>

namespace traingrid {

/// What one layer keeps for its backward pass, by recomputation. Masks hold one byte per element.
Bytes layer_activations(const Run& run, const RankShape& input, Recompute recompute, std::int64_t layer);

/// What is computed again of the layer at that place of a model chunk with so many.
Recompute recompute_of(const Run& run, int place, int layers);

/// What of that goes to the host, if the layer is one of those that offload.
Bytes offloaded_activations(const Run& run, const RankShape& shape, Recompute recompute, std::int64_t layer);

/// Of the layers of a model chunk, so many offload: the first. The last never does, as its way back begins at once.
int offloaded_layers(const Run& run, int layers);

/// The layer of the chunk after which the copy of number `number` must be done, and the next one begins: copies are
/// spread over all layers (Transformer Engine, cpu_offload_v1.py: layer_window_map).
int offload_window(int layers, int offloaded, int number);

}  // namespace traingrid

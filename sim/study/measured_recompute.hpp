// What a published training step recomputed where its row does not say: it ran, so it fitted into memory.
#pragma once

#include "study/step_systems.hpp"

#include <string>

namespace traingrid {

/// A smaller micro-batch than is usual, the largest that fits; if none does, the usual one stays.
void shrink_micro_batch(const Cluster& cluster, Run& run);

/// Leaves a design that fits as it is. Else it recomputes the least that makes it fit: in models with experts parts of
/// a layer, one more of those that the release is used with at a time; where parameters are sharded whole layers, one
/// more at a time. Who has a pipeline takes more of that instead. Says in words what it took; or that nothing of it
/// helps, and then it takes nothing.
std::string assume_recomputation(const ReleaseHabits& habits, const Cluster& cluster, Run& run);

}  // namespace traingrid

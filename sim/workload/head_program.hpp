// What stands behind the last layer: head and loss, and modules of multi-token prediction (DeepSeek-AI 2024, arXiv
// 2412.19437, section 2.2), each a layer between a projection of its own and the same head.
#pragma once

#include "workload/block_builder.hpp"

namespace traingrid {

/// `predicted`: the tokens that the last layer hands on.
void head_forward(BlockBuilder& block, const Run& run, const RankShape& predicted);
void head_backward(BlockBuilder& block, const Run& run, const RankShape& predicted);

}  // namespace traingrid

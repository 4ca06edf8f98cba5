// The number format that the words of a measurement stand for: "MXFP8", "amp_bf16", "FP8-CS".
#pragma once

#include "cluster/accelerator.hpp"
#include "workload/run.hpp"

#include <optional>
#include <string>

namespace traingrid {

struct StepFormat {
  Precision precision = Precision::bf16;
  Fp8Recipe recipe = Fp8Recipe::delayed;
};

/// Of several formats the narrowest ("bf16/fp16 mixed" is bf16); none if the words name none. fp8 is scaled by block
/// where the accelerator has no such format of its own; int8, which is as wide, stands under fp8; `usual` is its recipe
/// where the words do not say.
std::optional<StepFormat> step_format(const std::string& words, const Accelerator& accelerator, Fp8Recipe usual);

}  // namespace traingrid

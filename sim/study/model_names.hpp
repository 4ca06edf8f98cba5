// Names of models as papers, logs and tables print them: which model of the catalogue they mean.
#pragma once

#include "workload/model.hpp"

#include <map>
#include <string>
#include <string_view>

namespace traingrid {

/// "Llama-2-70b-hf", "LLAMA2_70B" and "Llama 2 70B (revised)" are llama2-70b; "Grok-1 314B" is grok-1, for it has as
/// many parameters; "Qwen3 235B" is qwen3-235b-a22b. Null if none is meant, or more than one could be.
const Model* find_model(const std::map<std::string, Model>& catalogue, std::string_view name);

}  // namespace traingrid

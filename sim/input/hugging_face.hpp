// Hugging Face's config.json as a description of a model in our own keys, which are theirs wherever they have one.
#pragma once

#include "input/node.hpp"

#include <string>

namespace traingrid {

class Problems;

/// What a config.json says of the model's shape; whatever else it holds is left out. Every value keeps its place. Of
/// kind `invalid` if its architecture is not known or a key is missing, which are problems.
Node import_hugging_face(const Node& whole, Problems& problems);

/// The values of `model_type` that are known.
std::string hugging_face_architectures();

}  // namespace traingrid

// Helpers for the keys by which topologies describe their shape.
#pragma once

#include "input/fields.hpp"

#include <string_view>

namespace traingrid {

/// Whether the keys of a shape belong to the topology that a file names, or are only listed among those of all others.
enum class Keys { needed, listed };

/// A key that a topology cannot do without.
template <class T>
void needed_key(Fields& fields, Keys keys, std::string_view name, T& value, std::string_view about, Range range = any) {
  if (keys == Keys::needed)
    fields.required(name, value, about, range);
  else
    fields.optional(name, value, about, range);
}

/// Parts of equal size that hold `count`, the last perhaps not full.
constexpr int parts_of(int count, int size) { return (count + size - 1) / size; }

}  // namespace traingrid

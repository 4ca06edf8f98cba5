// Numbers of things are 32 bits wide and signed, to be small and to have a "none"; containers index with std::size_t.
#pragma once

#include <cstddef>
#include <cstdint>

namespace traingrid {

/// A number of a thing, which is not negative, as an index.
constexpr std::size_t index(std::int32_t id) { return static_cast<std::size_t>(id); }

}  // namespace traingrid

// The fingerprint of an input, by which a result names exactly what it was computed from.
#pragma once

#include <string>
#include <string_view>

namespace traingrid {

/// SHA-256 of the bytes in lower-case hexadecimal.
std::string sha256(std::string_view bytes);

}  // namespace traingrid

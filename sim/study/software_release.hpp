// Names of software with the date or number of a release: which known one stands nearest to one that has no file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// "NeMo 26.09" → "nemo-26.08": of the releases of the same program the newest that is not newer, else the oldest.
/// Where none is stated, the newest. The known name itself in another spelling; empty where no release of the program
/// is.
std::string nearest_release(std::string_view name, const std::vector<std::string>& known);

/// Whether both name the same release, in capitals or not, with blanks or hyphens.
bool is_release(std::string_view name, std::string_view known);

}  // namespace traingrid

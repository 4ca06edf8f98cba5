// Texts that were looked at once and kept: tests/golden/. With TRAINGRID_UPDATE_GOLDEN set they are written anew, for
// the difference to be reviewed.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace traingrid {

/// What is kept under `name` ("tiny-program/expected.txt"); empty if nothing is.
inline std::string golden(const std::string& name, const std::string& now) {
  const std::filesystem::path path = std::filesystem::path(GOLDEN) / name;
  if (std::getenv("TRAINGRID_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << now;
  }
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace traingrid

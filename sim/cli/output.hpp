// Output as a whole or not at all: composed in memory, written at the end, and every failure noticed.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace traingrid {

/// A full disk, a closed pipe, a folder that may not be written to: exit code 74.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes all of the text to standard output. Throws OutputError.
void write_out(std::string_view text);

/// Makes or replaces the file in one step: a reader sees the old one or the new one. Devices and pipes are written to
/// as they are. Throws OutputError.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace traingrid

// Text that somebody wrote, and places in it: what every message about an input points at.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace traingrid {

class Problems;

struct SourceFile {
  std::string path;                   ///< as shown: relative to the catalogue, or as typed
  std::string bytes;                  ///< without a byte order mark
  std::filesystem::path directory{};  ///< that relative paths in the text start from
};

/// A place in a text; without a file it is the command line.
struct Mark {
  std::shared_ptr<const SourceFile> file{};
  std::size_t line = 1, column = 1;  ///< from 1; the column counts bytes
};

/// Whether the byte continues a UTF-8 character that began before it.
bool is_inside_character(char c);
/// "workloads/runs/a.yaml:3:5"; the column counts characters.
std::string to_text(const Mark& mark);
/// The line the mark is in, without its end.
std::string_view line_of(const Mark& mark);

/// The text of a file, or nothing and a problem at `from`: missing, a directory, unreadable, too large, empty, or
/// holding bytes that no text has. `shown` is how messages call the file.
std::shared_ptr<const SourceFile> read_source(const std::filesystem::path& path, const std::string& shown,
                                              const Mark& from, Problems& problems);

/// Adds a problem for the first byte that is not UTF-8 or is a control character; false if there is one.
bool check_text(const std::shared_ptr<const SourceFile>& file, Problems& problems);

}  // namespace traingrid

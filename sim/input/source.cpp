#include "input/source.hpp"

#include "input/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace traingrid {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargest = std::size_t{4} << 20U;

/// Length of the UTF-8 character at the start of the text; 0 if it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_inside_character(text[i])) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool beyond = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

/// What keeps the path from being read, or nothing.
std::string obstacle(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return "there is no such file; check the path";
  if (error) return fmt::format("cannot be read: {}", error.message());
  if (fs::is_directory(status)) return "is a directory; name a file in it";
  const std::uintmax_t size = fs::is_regular_file(status) ? fs::file_size(path, error) : 0;
  if (!error && size > kLargest) {
    return fmt::format("is {} MiB large, more than the 4 MiB a description may have; is it the right file?",
                       size >> 20U);
  }
  return "";
}

/// Shows bytes that are not text as '?', so that a message never holds them.
std::string printable(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = character_length(bytes.substr(at));
    const bool shown = length > 0 && !is_control(bytes[at]);
    text += shown ? bytes.substr(at, length) : "?";
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

Mark mark_at(const std::shared_ptr<const SourceFile>& file, std::size_t offset) {
  const std::string_view before = std::string_view(file->bytes).substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
  return {file, lines + 1, offset - start + 1};
}

}  // namespace

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string to_text(const Mark& mark) {
  if (!mark.file) return "command line";
  const std::string_view line = line_of(mark).substr(0, mark.column - 1);
  const auto inside = std::ranges::count_if(line, is_inside_character);
  return fmt::format("{}:{}:{}", mark.file->path, mark.line, mark.column - static_cast<std::size_t>(inside));
}

std::string_view line_of(const Mark& mark) {
  std::string_view text = mark.file->bytes;
  for (std::size_t line = 1; line < mark.line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool check_text(const std::shared_ptr<const SourceFile>& file, Problems& problems) {
  const std::string_view bytes = file->bytes;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = character_length(bytes.substr(at));
    if (length == 0 || is_control(bytes[at])) {
      const auto shown = std::make_shared<const SourceFile>(SourceFile{file->path, printable(bytes), file->directory});
      Mark mark = mark_at(file, at);
      const std::string clean = printable(line_of(mark).substr(0, mark.column - 1));
      mark = {shown, mark.line, clean.size() + 1};
      const auto value = static_cast<unsigned char>(bytes[at]);
      if (length == 0)
        problems.add(mark, fmt::format("byte 0x{:02x} is not UTF-8", value), "save the file as UTF-8 text");
      else
        problems.add(mark, fmt::format("control character 0x{:02x}", value), "remove it; is this a text file?");
      return false;
    }
    at += length;
  }
  return true;
}

std::shared_ptr<const SourceFile> read_source(const fs::path& path, const std::string& shown, const Mark& from,
                                              Problems& problems) {
  const auto refuse = [&](const std::string& reason) {
    problems.add(from, fmt::format("{}: {}", shown, reason));
    return nullptr;
  };
  if (const std::string reason = obstacle(path); !reason.empty()) return refuse(reason);
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string bytes;
  std::array<char, 65536> chunk{};
  while (bytes.size() <= kLargest && in) {
    in.read(chunk.data(), chunk.size());
    bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return refuse("cannot be read: the device reports an error");
  if (bytes.size() > kLargest) return refuse("holds more than the 4 MiB a description may have; is it the right file?");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  if (bytes.empty()) return refuse("is empty; write the keys of the description into it");
  const auto file = std::make_shared<const SourceFile>(SourceFile{shown, std::move(bytes), path.parent_path()});
  return check_text(file, problems) ? file : nullptr;
}

}  // namespace traingrid

#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace traingrid {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& target) {
  throw OutputError(fmt::format("cannot write to {}: {}", target, std::strerror(errno)));
}

void write_all(int descriptor, std::string_view text, const std::string& target) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_to(const fs::path& path, int flags, std::string_view text, const std::string& target) {
  constexpr mode_t kEverybodyAsUmaskAllows = 0666;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, kEverybodyAsUmaskAllows);
  if (descriptor < 0) fail(target);
  try {
    write_all(descriptor, text, target);
  } catch (const OutputError&) {
    ::close(descriptor);
    throw;
  }
  if (::close(descriptor) != 0) fail(target);
}

}  // namespace

void write_out(std::string_view text) { write_all(STDOUT_FILENO, text, "standard output"); }

void write_file(const fs::path& path, std::string_view text) {
  const std::string target = fmt::format("'{}'", path.string());
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_to(path, 0, text, target);
  const fs::path fresh = fmt::format("{}.{}.tmp", path.string(), ::getpid());
  try {
    write_to(fresh, O_CREAT | O_TRUNC, text, target);
    if (::rename(fresh.c_str(), path.c_str()) != 0) fail(target);
  } catch (const OutputError&) {
    ::unlink(fresh.c_str());
    throw;
  }
}

}  // namespace traingrid

#include "engine/child.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace traingrid {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// All that the other end writes until it closes.
std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

/// In the child: 0, or 1 with a message written to `report`.
int run_reporting(const std::function<void()>& work, int report) {
  try {
    work();
    return 0;
  } catch (const std::exception& error) {
    const std::string_view text = error.what();
    if (write(report, text.data(), text.size()) < 0) return 2;
    return 1;
  }
}

}  // namespace

SharedDoubles::SharedDoubles(std::size_t count, double value)
    : bytes_(std::max<std::size_t>(1, count) * sizeof(double)) {
  void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail("cannot share memory with the simulation");
  data_ = static_cast<double*>(memory);
  std::fill_n(data_, count, value);
}

SharedDoubles::~SharedDoubles() { munmap(data_, bytes_); }

void in_child(const std::function<void()>& work) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) fail("cannot make a pipe");
  std::fflush(nullptr);  // or the child would write our buffers once more
  const pid_t child = fork();
  if (child < 0) fail("cannot start the simulation process");
  if (child == 0) {
    close(pipe_ends[0]);
    _exit(run_reporting(work, pipe_ends[1]));
  }
  close(pipe_ends[1]);
  const std::string report = read_all(pipe_ends[0]);
  close(pipe_ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("cannot wait for the simulation process");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  const std::string how = WIFSIGNALED(status) ? "killed by signal " + std::to_string(WTERMSIG(status)) : report;
  throw std::runtime_error("the simulation process failed: " + how);
}

}  // namespace traingrid

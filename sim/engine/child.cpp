#include "engine/child.hpp"

#include "input/problems.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

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

constexpr int kFailed = 1, kMessageLost = 2, kBadInput = 3;

/// In the child: 0, or why it failed with a message written to `report`.
int run_reporting(const std::function<void()>& work, int report) {
  const auto tell = [&](std::string_view text, int code) {
    return write(report, text.data(), text.size()) < 0 ? kMessageLost : code;
  };
  try {
    work();
    return 0;
  } catch (const InputError& error) {
    return tell(error.what(), kBadInput);
  } catch (const std::exception& error) {
    return tell(error.what(), kFailed);
  }
}

struct Child {
  pid_t process;
  int report;  ///< what it says if it fails
};

Child start(const std::function<void()>& work) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) fail("cannot make a pipe");
  std::fflush(nullptr);  // or the child would write our buffers once more
  malloc_trim(0);        // pages that nothing is in need not be copied
  const pid_t child = fork();
  if (child < 0) fail("cannot start the simulation process");
  if (child == 0) {
    close(pipe_ends[0]);
    _exit(run_reporting(work, pipe_ends[1]));
  }
  close(pipe_ends[1]);
  return {child, pipe_ends[0]};
}

/// Nothing, or why the child failed.
std::exception_ptr finish(const Child& child) {
  const std::string report = read_all(child.report);
  close(child.report);
  int status = 0;
  while (waitpid(child.process, &status, 0) < 0) {
    if (errno != EINTR) fail("cannot wait for the simulation process");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return nullptr;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kBadInput) return std::make_exception_ptr(InputError(report));
  const std::string how = WIFSIGNALED(status) ? "killed by signal " + std::to_string(WTERMSIG(status)) : report;
  return std::make_exception_ptr(std::runtime_error("the simulation process failed: " + how));
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
  in_children(1, [&](int) { work(); });
}

void in_children(int count, const std::function<void(int)>& work) {
  std::vector<Child> children;
  for (int i = 0; i < count; ++i) children.push_back(start([&work, i] { work(i); }));
  std::exception_ptr first;
  for (const Child& child : children) {
    const std::exception_ptr failure = finish(child);
    if (!first) first = failure;
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace traingrid

// Work done in a child process, with numbers handed back through shared memory.
#pragma once

#include <cstddef>
#include <functional>

namespace traingrid {

/// An array that parent and children of this process both see.
class SharedDoubles {
 public:
  SharedDoubles(std::size_t count, double value);
  ~SharedDoubles();
  SharedDoubles(const SharedDoubles&) = delete;
  SharedDoubles& operator=(const SharedDoubles&) = delete;
  double* data() { return data_; }

 private:
  std::size_t bytes_;
  double* data_;
};

/// Runs `work` in a forked child and waits for it. Throws std::runtime_error with the child's message if it fails.
void in_child(const std::function<void()>& work);

}  // namespace traingrid

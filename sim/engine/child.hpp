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

/// Runs `work` in a forked child and waits for it. Throws std::runtime_error with the child's message if it fails, or
/// the InputError that it ended with.
void in_child(const std::function<void()>& work);

/// The same for work(0) … work(count − 1), in as many children at a time. Of several failures, the first is thrown.
void in_children(int count, const std::function<void(int)>& work);

}  // namespace traingrid

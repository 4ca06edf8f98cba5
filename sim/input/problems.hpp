// Everything wrong with the inputs, said at once: place, line, caret and next step.
#pragma once

#include "input/source.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace traingrid {

/// The user can mend it: exit code 2. Carries the whole text to print.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Problem {
  Mark mark;
  std::string message;
  std::string hint;  ///< the next step; may be empty
};

class Problems {
 public:
  /// The same problem of the same place is kept once.
  void add(const Mark& mark, std::string message, std::string hint = {});
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  /// In the order of the files, then of the lines; at most 20, then "and N more".
  std::string text() const;
  /// Throws InputError if there is any.
  void finish() const;

 private:
  std::vector<Problem> list_;
  std::set<std::tuple<const SourceFile*, std::size_t, std::size_t, std::string>> known_;
};

}  // namespace traingrid

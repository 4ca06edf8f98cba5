// From names to everything that a run is computed from.
#pragma once

#include "input/inputs.hpp"
#include "input/settings.hpp"
#include "study/answer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

struct Selection {
  std::string run;                               ///< a name of the catalogue or a path, like the next two
  std::optional<std::string> cluster{}, site{};  ///< instead of those that the run names
  std::optional<std::string> ownership{};        ///< instead of the usual one
  std::vector<std::string> sets{};               ///< "a.b=v", over what the files say
};

/// The descriptions of a point, opened once and read as often as values of their intervals are drawn.
class PointFiles {
 public:
  /// Opens and reads the run, its cluster, its site and the accounting. Problems stay in the inputs, which must outlive
  /// this: finish() them before anything is drawn.
  PointFiles(const Selection& selection, Inputs& inputs);

  /// With the values in the middle of all intervals.
  const Point& point() const { return point_; }
  /// Throws InputError if the values of the draw break a rule across fields.
  Point drawn(const Draw& draw) const;

  PointFiles(const PointFiles&) = delete;
  PointFiles& operator=(const PointFiles&) = delete;

 private:
  struct File {
    std::function<void(Point& point, const std::optional<Draw>& draw)> read;
    bool uncertain = false;  ///< only these are read for a draw
  };
  /// Opens a file and reads it into that member; `then` completes what was read.
  template <Described T>
  std::shared_ptr<Document> add(T Point::*member, std::string_view folder, const std::string& name, const Mark& from,
                                void (*then)(T& value, Inputs& inputs) = nullptr);

  Inputs& inputs_;
  Settings settings_;
  std::vector<File> files_;
  Point point_;
};

/// The point of the files as they are. Problems stay in the inputs: finish() them.
Point load_point(const Selection& selection, Inputs& inputs);

}  // namespace traingrid

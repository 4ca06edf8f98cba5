// Keys of networks whose routers stand in a grid, and their numbers in it.
#pragma once

#include "cluster/shape.hpp"
#include "input/fields.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// Where a torus is twisted: what leaves one end of a dimension comes in at the other so many places further along
/// another one.
struct Twist {
  int dimension = 0, along = 0;  ///< counted from 0
  int by = 0;                    ///< routers
  void describe(Fields& fields);
  friend bool operator==(const Twist&, const Twist&) = default;
};

struct GridShape {
  std::vector<int> dimensions;  ///< routers along each
  std::vector<int> lines;       ///< of a torus: dimensions that do not close to a ring
  std::vector<Twist> twists;    ///< of a torus
  int links_per_pair = 1;       ///< parallel links between neighbours
  friend bool operator==(const GridShape&, const GridShape&) = default;
};

/// Routers by their coordinates; the first dimension runs fastest.
class RouterGrid {
 public:
  explicit RouterGrid(const std::vector<int>& sizes);
  int dimensions() const { return static_cast<int>(sizes_.size()); }
  int size(int dimension) const { return sizes_[static_cast<std::size_t>(dimension)]; }
  int routers() const { return routers_; }
  int coordinate(int router, int dimension) const { return router / stride(dimension) % size(dimension); }
  /// The router at another place of the same line.
  int moved(int router, int dimension, int coordinate_there) const {
    return router + (coordinate_there - coordinate(router, dimension)) * stride(dimension);
  }

 private:
  int stride(int dimension) const { return strides_[static_cast<std::size_t>(dimension)]; }
  std::vector<int> sizes_, strides_;
  int routers_ = 1;
};

/// "8 x 8".
std::string grid_text(const GridShape& shape);
double routers_of(const GridShape& shape);

}  // namespace traingrid

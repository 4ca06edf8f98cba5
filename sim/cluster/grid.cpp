#include "cluster/grid.hpp"

#include "cluster/topologies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace traingrid {

void Twist::describe(Fields& fields) {
  fields.required("dimension", dimension, "The dimension that closes with a twist, counted from 0.", non_negative);
  fields.required("along", along, "The dimension along which it is shifted.", non_negative);
  fields.required("by", by, "Routers by which it is shifted.", at_least_one);
}

void grid_keys(Network& network, Fields& fields, Keys keys) {
  needed_key(fields, keys, "dimensions", network.grid.dimensions, "Routers along each dimension of the grid.",
             at_least_one);
  fields.check("dimensions", keys == Keys::listed || !network.grid.dimensions.empty(), "needs at least one dimension");
  fields.optional("links_per_pair", network.grid.links_per_pair, "Parallel links between two neighbours.",
                  at_least_one);
}

RouterGrid::RouterGrid(const std::vector<int>& sizes) : sizes_(sizes) {
  for (const int size : sizes_) {
    strides_.push_back(routers_);
    routers_ *= size;
  }
}

std::string grid_text(const GridShape& shape) { return fmt::format("{}", fmt::join(shape.dimensions, " x ")); }

double routers_of(const GridShape& shape) {
  double routers = 1;
  for (const int size : shape.dimensions) routers *= size;
  return routers;
}

}  // namespace traingrid

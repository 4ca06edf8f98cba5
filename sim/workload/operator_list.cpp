#include "workload/operator_list.hpp"

namespace traingrid {
namespace {

Bytes elements(double count, std::int64_t samples, Precision precision) {
  return count * static_cast<double>(samples) * element_size(precision) * byte;
}

double outputs(const ListedOperator& listed) { return static_cast<double>(listed.rows * listed.columns); }

Operator product(const ListedOperator& listed, std::string_view name, std::int64_t m, std::int64_t n, std::int64_t k,
                 std::int64_t samples, Precision precision) {
  Operator kernel = gemm(name, 1, m, n, k, precision);
  const auto weights = static_cast<double>(listed.columns * listed.depth);
  kernel.bytes = elements(static_cast<double>(listed.inputs) + outputs(listed), samples, precision) +
                 weights * element_size(precision) * byte;
  kernel.repeat = static_cast<int>(listed.repeat);
  return kernel;
}

Operator passes(const ListedOperator& listed, double count, std::int64_t samples, Precision precision) {
  Operator kernel = memory_pass("passes", elements(count * outputs(listed), samples, precision));
  kernel.repeat = static_cast<int>(listed.repeat);
  return kernel;
}

}  // namespace

void ListedOperator::describe(Fields& fields) {
  fields.required("name", name, "Name of the operator.");
  fields.required("rows", rows, "Rows of the product of one sample: pixels of the output.", at_least_one);
  fields.required("columns", columns, "Its columns: channels of the output.", at_least_one);
  fields.required("depth", depth, "Elements that each of them sums: channels of the input times those of the kernel.",
                  at_least_one);
  inputs = rows * depth;
  fields.optional("inputs", inputs, "Elements read of one sample; rows x depth if absent.", at_least_one);
  fields.optional("passes", passes, "Times that other kernels read or write the output.", non_negative);
  fields.optional("extra_weights", extra_weights, "Weights beside those multiplied: norms, biases.", non_negative);
  fields.optional("repeat", repeat, "How many of it follow one another.", at_least_one);
}

std::vector<Operator> listed_forward(const ListedOperator& listed, std::int64_t samples, Precision precision) {
  return {product(listed, "product", samples * listed.rows, listed.columns, listed.depth, samples, precision),
          passes(listed, listed.passes, samples, precision)};
}

std::vector<Operator> listed_backward(const ListedOperator& listed, std::int64_t samples, Precision precision) {
  Operator weights =
      product(listed, "weights", listed.depth, listed.columns, samples * listed.rows, samples, precision);
  weights.weight_gradient = true;
  return {passes(listed, 2 * listed.passes, samples, precision),
          product(listed, "inputs", samples * listed.rows, listed.depth, listed.columns, samples, precision), weights};
}

Bytes listed_activations(const ListedOperator& listed, std::int64_t samples, Precision precision) {
  const double kept = static_cast<double>(listed.inputs) + (listed.passes > 0 ? outputs(listed) : 0);
  return static_cast<double>(listed.repeat) * elements(kept, samples, precision);
}

}  // namespace traingrid

#include "workload/adapters.hpp"

#include <algorithm>

namespace traingrid {

void Adapters::describe(Fields& fields) {
  fields.required("rank", rank, "Width between the two matrices of an adapter.", at_least_one);
  fields.required("targets", targets, "Linear layers that have one.");
  fields.check("targets", !targets.empty(), "without any nothing is trained");
}

bool Adapters::adapts(AdapterTarget target) const { return std::ranges::find(targets, target) != targets.end(); }

double Adapters::weights(const Model& model, int tensor) const {
  const auto h = static_cast<double>(model.hidden_size), t = static_cast<double>(tensor);
  const auto qkv = static_cast<double>(model.query_width() + model.key_width() + model.value_width());
  const auto f = static_cast<double>(model.intermediate_size);
  double width = 0;
  if (adapts(AdapterTarget::linear_qkv)) width += h + qkv / t;
  if (adapts(AdapterTarget::linear_proj)) width += static_cast<double>(model.output_width()) / t + h;
  if (adapts(AdapterTarget::linear_fc1)) width += h + (model.gated_mlp ? 2 : 1) * f / t;
  if (adapts(AdapterTarget::linear_fc2)) width += f / t + h;
  return static_cast<double>(rank) * width;
}

}  // namespace traingrid

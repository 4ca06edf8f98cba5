// Linear layers on one rank: forward, both gradients, casts to narrow formats, and low-rank adapters beside frozen
// weights.
#include "workload/transformer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace traingrid {
namespace {

void append(Operators& list, const Operators& more) { list.insert(list.end(), more.begin(), more.end()); }

Operator product(const RankShape& s, std::string_view name, std::int64_t m, std::int64_t n, std::int64_t k) {
  return gemm(name, 1, m, n, k, s.linear, s.precision);
}

/// The linear layers that can have an adapter, by what they are called here.
constexpr std::array kAdapted{std::pair{std::string_view("query, key, value"), AdapterTarget::linear_qkv},
                              std::pair{std::string_view("attention output"), AdapterTarget::linear_proj},
                              std::pair{std::string_view("MLP up"), AdapterTarget::linear_fc1},
                              std::pair{std::string_view("MLP down"), AdapterTarget::linear_fc2}};

bool has_adapter(const RankShape& s, std::string_view layer) {
  return s.lora != nullptr &&
         std::ranges::any_of(kAdapted, [&](const auto& of) { return of.first == layer && s.lora->adapts(of.second); });
}

Operator thin(const RankShape& s, std::int64_t m, std::int64_t n, std::int64_t k) {
  return gemm("adapter", 1, m, n, k, s.precision);
}

/// Through the two thin matrices, and added to what the frozen one gave.
Operators adapter_forward(const RankShape& s, std::int64_t in, std::int64_t out) {
  return {thin(s, s.tokens(), s.lora->rank, in), thin(s, s.tokens(), out, s.lora->rank),
          memory_pass("add adapter", 3 * s.wide(out))};
}

/// Gradients of both matrices, and of their input, added to that of the frozen one.
Operators adapter_backward(const RankShape& s, std::int64_t in, std::int64_t out) {
  const std::int64_t rank = s.lora->rank;
  return {thin(s, s.tokens(), rank, out), thin(s, rank, out, s.tokens()), thin(s, s.tokens(), in, rank),
          thin(s, in, rank, s.tokens()), memory_pass("add adapter", 3 * s.wide(in))};
}

}  // namespace

Operators cast(const RankShape& s, std::int64_t elements) {
  if (!is_narrow(s.linear)) return {};
  return {memory_pass("cast", static_cast<double>(elements) * cast_bytes(s.linear, s.fp8_recipe) * byte)};
}

Operators linear(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  Operators list = cast(s, s.tokens() * in);
  list.push_back(product(s, name, s.tokens(), out, in));
  if (has_adapter(s, name)) append(list, adapter_forward(s, in, out));
  return list;
}

Operators linear_backward(const RankShape& s, std::string_view name, std::int64_t in, std::int64_t out) {
  Operators list = cast(s, s.tokens() * out);
  list.push_back(product(s, name, s.tokens(), in, out));
  list.push_back(product(s, name, in, out, s.tokens()));
  list.back().weight_gradient = true;
  if (has_adapter(s, name)) append(list, adapter_backward(s, in, out));
  return list;
}

}  // namespace traingrid

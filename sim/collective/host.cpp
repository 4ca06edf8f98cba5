#include "collective/host.hpp"

#include <stdexcept>

namespace traingrid {
namespace {

constexpr std::string_view kEngine = "copied by the accelerator's own engine";
constexpr std::string_view kProcessors = "done by the processors of the node";

template <bool to_host>
std::vector<Flow> copies(std::span<const int> node_of_member) {
  const auto members = static_cast<std::int32_t>(node_of_member.size());
  std::vector<Flow> flows;
  for (std::int32_t i = 0; i < members; ++i) flows.push_back({to_host ? i : kHost, to_host ? kHost : i, 1.0 / members});
  return flows;
}

std::vector<Flow> updates(std::span<const int> node_of_member) {
  const auto members = static_cast<std::int32_t>(node_of_member.size());
  std::vector<Flow> flows;
  for (std::int32_t i = 0; i < members; ++i) flows.push_back({i, kHostMemory, 1.0 / members});
  return flows;
}

}  // namespace

Plan host_plan(const Tuning& tuning, Collective kind) {
  if (!tuning.host) throw std::logic_error("nodes without a host are asked to offload");
  const Host& host = *tuning.host;
  if (kind == Collective::update_on_host)  // memory is a link with what copies reach of it, an optimizer reaches less
    return {{{updates, host.memory_efficiency / host.optimizer_efficiency, {}, 0}}, "processors", kProcessors, ""};
  const bool to_host = kind == Collective::copy_to_host;
  return {{{to_host ? copies<true> : copies<false>, 1, host.link.latency, 0}}, "copy", kEngine, ""};
}

}  // namespace traingrid

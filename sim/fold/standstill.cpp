#include "fold/standstill.hpp"

#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace traingrid {
namespace {

constexpr std::size_t kMostNamed = 5;

std::string what_is_done(const Program& program, const Operation& op) {
  if (op.kind == Operation::Kind::compute) return "kernels";
  const std::string& communicator = program.communicators[index(op.communicator)].name;
  switch (op.kind) {
    case Operation::Kind::collective:
      return fmt::format("a collective of '{}'", communicator);
    case Operation::Kind::send:
      return fmt::format("a send of '{}' under tag {}", communicator, op.tag);
    case Operation::Kind::receive:
      return fmt::format("a receive of '{}' under tag {}", communicator, op.tag);
    default:
      return fmt::format("a wait for '{}'", communicator);
  }
}

}  // namespace

std::string standstill(const Program& program, const Quotient& quotient, const Dag& dag, const Trace& trace) {
  const auto lost = std::ranges::count_if(trace.finish, [](Seconds date) { return !(date >= Seconds{}); });
  if (lost == 0) return {};
  std::string text =
      fmt::format("the step makes no progress: {} of {} activities never finish", lost, dag.activities.size());
  std::size_t named = 0;
  for (std::size_t id = 0; id < dag.events.size() && named < kMostNamed; ++id) {
    const auto stuck =
        std::ranges::find_if(dag.events[id], [&](const Event& event) { return !(trace.end_of(event) >= Seconds{}); });
    if (stuck == dag.events[id].end()) continue;
    const Block& block = program.blocks[index(stuck->block)];
    text +=
        fmt::format("; rank {} is stuck at {} of block '{}', micro-batch {}", quotient.ranks[id].representative,
                    what_is_done(program, block.operations[index(stuck->operation)]), block.name, stuck->micro_batch);
    ++named;
  }
  return text;
}

}  // namespace traingrid

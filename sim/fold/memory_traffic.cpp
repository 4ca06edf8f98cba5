#include "fold/memory_traffic.hpp"

#include "cluster/device.hpp"
#include "units/index.hpp"

#include <utility>

namespace traingrid {
namespace {

/// A stretch of kernels without what they stream, and what that is.
struct Stretch {
  std::vector<Operator> rest, passes;
  Bytes bytes;
};

Stretch split(const Accelerator& accelerator, const std::vector<Operator>& kernels) {
  Stretch stretch{.rest = kernels, .passes = {}, .bytes = {}};
  for (Operator& kernel : stretch.rest) {
    if (device_time(accelerator, kernel).memory_bound <= Seconds{}) continue;
    kernel.streams_apart = true;
    stretch.passes.push_back(memory_pass(kernel.name, kernel.repeat * kernel.bytes));
    stretch.bytes += stretch.passes.back().bytes;
  }
  return stretch;
}

}  // namespace

Program with_memory_traffic(Program program, const Accelerator& accelerator) {
  const auto communicator = static_cast<int>(program.communicators.size());
  program.communicators.push_back({.name = "memory", .term = Term::compute});
  for (std::int32_t rank = 0; rank < program.ranks(); ++rank) program.communicators.back().add_group({rank});
  for (Block& block : program.blocks) {
    std::vector<Operation> operations;
    for (const Operation& op : block.operations) {
      operations.push_back(op);
      if (op.kind != Operation::Kind::compute) continue;
      Stretch stretch = split(accelerator, program.works[index(op.work)]);
      if (stretch.bytes <= Bytes{}) continue;
      operations.back().work = program.work(std::move(stretch.rest));
      Operation traffic{.kind = Operation::Kind::send, .term = op.term, .communicator = communicator};
      traffic.bytes = stretch.bytes;
      traffic.direction = 1;
      traffic.tag = program.tags++;
      operations.push_back(traffic);
      traffic.kind = Operation::Kind::receive;
      traffic.direction = -1;
      traffic.work = program.work(std::move(stretch.passes));
      operations.push_back(traffic);
    }
    block.operations = std::move(operations);
  }
  return program;
}

}  // namespace traingrid

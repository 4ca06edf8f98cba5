// What one rank of a role carries out in a step, for counting.
#pragma once

#include "units/index.hpp"
#include "workload/program.hpp"

#include <functional>
#include <string>

namespace traingrid {

/// Calls `visit` with every operation and its micro-batch.
inline void each_operation(const Program& program, std::size_t role,
                           const std::function<void(const Operation&, int)>& visit) {
  for (const Launch& launch : program.roles[role].launches) {
    for (const Operation& op : program.blocks[index(launch.block)].operations) visit(op, launch.micro_batch);
  }
}

struct CollectiveSum {
  int count = 0, asynchronous = 0;
  Bytes bytes;
};

/// Collectives of one kind over one communicator, by one rank of every role.
inline CollectiveSum collectives_over(const Program& program, const std::string& communicator, Collective kind) {
  CollectiveSum sum;
  for (std::size_t role = 0; role < program.roles.size(); ++role) {
    each_operation(program, role, [&](const Operation& op, int) {
      if (op.kind != Operation::Kind::collective || op.collective != kind) return;
      if (program.communicators[index(op.communicator)].name != communicator) return;
      ++sum.count;
      sum.asynchronous += op.asynchronous ? 1 : 0;
      sum.bytes += op.bytes;
    });
  }
  return sum;
}

inline const Communicator* find_communicator(const Program& program, const std::string& name) {
  for (const Communicator& communicator : program.communicators) {
    if (communicator.name == name) return &communicator;
  }
  return nullptr;
}

/// The ranks of one group.
inline std::vector<std::int32_t> group(const Communicator& communicator, int number) {
  return {communicator.members.begin() + communicator.offsets[index(number)],
          communicator.members.begin() + communicator.offsets[index(number + 1)]};
}

}  // namespace traingrid

#include "workload/step_work.hpp"

namespace traingrid {

StepWork step_work(const Program& program) {
  std::vector<StepWork> by_block(program.blocks.size());
  for (std::size_t i = 0; i < program.blocks.size(); ++i) {
    for (const Operation& op : program.blocks[i].operations) {
      const bool counts = op.term == Term::compute || op.term == Term::recompute;  // not the excess of a busy expert
      if (op.kind != Operation::Kind::compute || !counts) continue;
      Flop& sum = op.term == Term::recompute ? by_block[i].recomputed : by_block[i].model;
      for (const Operator& kernel : program.works[static_cast<std::size_t>(op.work)]) sum += kernel.work();
    }
  }
  std::vector<double> ranks(program.roles.size(), 0);
  for (std::int32_t role : program.role_of_rank) ++ranks[static_cast<std::size_t>(role)];
  StepWork total;
  for (std::size_t role = 0; role < program.roles.size(); ++role) {
    for (const Launch& launch : program.roles[role].launches) {
      total.model += ranks[role] * by_block[static_cast<std::size_t>(launch.block)].model;
      total.recomputed += ranks[role] * by_block[static_cast<std::size_t>(launch.block)].recomputed;
    }
  }
  return total;
}

}  // namespace traingrid

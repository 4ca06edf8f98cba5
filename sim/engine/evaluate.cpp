#include "engine/evaluate.hpp"

#include "engine/simulator.hpp"

namespace traingrid {

Evaluation evaluate(const Fabric& fabric, const Accelerator& accelerator, const Overrides& overrides,
                    const PlacedProgram& placed, Folding folding) {
  const Program& program = *placed.program;
  std::vector<Seconds> work_times;
  for (const auto& work : program.works) work_times.push_back(device_time(accelerator, work).total());
  const WorkTime work_time = [&](std::int32_t work, const RankClass& rank) {
    return work_times[static_cast<std::size_t>(work)] * rank.slowdown;
  };
  Evaluation evaluation;
  evaluation.step = build_template(fabric, overrides, placed);
  if (folding == Folding::equitable) {
    drop_redundant_links(evaluation.step);
    evaluation.quotient = fold(evaluation.step);
  } else {
    evaluation.quotient = fold_nothing(evaluation.step);
  }
  evaluation.dag = expand(evaluation.quotient, program, work_time);
  evaluation.trace = simulate(evaluation.quotient, evaluation.dag);
  return evaluation;
}

}  // namespace traingrid

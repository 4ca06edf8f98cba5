#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

Program program_of(const Run& run) { return training_step(run, toy_layout(run, toy_cluster({.nodes = 2})), 1); }

Bytes passes_of(const Program& program) {
  Bytes bytes;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute) return;
    for (const Operator& kernel : program.works[index(op.work)]) bytes += kernel.is_gemm() ? Bytes{} : kernel.bytes;
  });
  return bytes;
}

}  // namespace

TEST_CASE("what is exchanged beside kernels takes memory traffic from them") {
  Run run = toy_run({.parallelism = {.tensor = 4, .sequence_parallel = true}, .batch = 2});
  run.parallelism.tensor_overlap = TensorOverlap::chunks;
  const Bytes before = passes_of(program_of(run));
  run.software.overlap_traffic = 2;
  const Program program = program_of(run);
  Bytes hidden;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind == Operation::Kind::collective && op.asynchronous) hidden += op.bytes;
  });
  CHECK(hidden > Bytes{});
  CHECK((passes_of(program) - before) / byte == Approx(2 * (hidden / byte)));
}

TEST_CASE("every operator but a pass over nothing costs the host one launch") {
  Run run = toy_run({.batch = 8});
  run.software.launch_interval = 1e-5 * second;
  const Program program = program_of(run);
  int launched = 0;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute) return;
    for (const Operator& kernel : program.works[index(op.work)]) {
      CHECK(kernel.issue == (kernel.bytes > Bytes{} ? kernel.repeat * run.software.launch_interval : Seconds{}));
      ++launched;
    }
  });
  CHECK(launched > 0);
}

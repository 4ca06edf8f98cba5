#include "workload/precision.hpp"

#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"
#include "workload/experts.hpp"
#include "workload/training_step.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

constexpr double s = 256, h = 512;

Run fp8_run(Precision precision = Precision::fp8) {
  Run run = toy_run({.parallelism = {.tensor = 2, .sequence_parallel = true}});
  run.precision = precision;
  return run;
}

Program program_of(const Run& run) {
  Cluster cluster = toy_cluster({.nodes = 4});
  for (const std::string_view name : Spellings<Precision>::names)
    cluster.accelerator.peak[std::string(name)] = 100 * teraflop / second;
  return training_step(run, toy_layout(run, cluster), 2);
}

/// Bytes of all passes of that name in a step of one rank.
Bytes passes(const Program& program, std::string_view name) {
  Bytes sum;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute) return;
    for (const Operator& kernel : program.works[index(op.work)]) sum += kernel.name == name ? kernel.bytes : Bytes{};
  });
  return sum;
}

}  // namespace

TEST_CASE("a cast reads two bytes and writes one as it is and one transposed; a maximum of its own is read first") {
  CHECK(cast_bytes(Precision::fp8, Fp8Recipe::delayed) == 4);
  CHECK(cast_bytes(Precision::fp8, Fp8Recipe::current) == 6);
  CHECK(cast_bytes(Precision::fp8, Fp8Recipe::block) == 4 + 2 * 4.0 / 128);
  CHECK(cast_bytes(Precision::mxfp8, Fp8Recipe::delayed) == 4 + 2 / 32.0);
  CHECK(cast_bytes(Precision::nvfp4, Fp8Recipe::delayed) == 5 + 2 / 16.0);
  for (const Precision wide : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16}) {
    CHECK(cast_bytes(wide, Fp8Recipe::delayed) == 0);
    CHECK(wide_format(wide) == wide);
  }
}

TEST_CASE("in fp8 linear layers and experts multiply narrow operands; attention, router and head stay in bf16") {
  Run run = fp8_run();
  make_llama(run);
  make_experts(run, 8, 2);
  const Program program = program_of(run);
  for (const auto& work : program.works) {
    for (const Operator& kernel : work) {
      if (!kernel.is_gemm()) continue;
      const bool wide = kernel.name == "head" || kernel.name == "router" || kernel.name.starts_with("flash");
      INFO(kernel.name);
      CHECK(kernel.precision == (wide ? Precision::bf16 : Precision::fp8));
    }
  }
}

TEST_CASE("every input of a linear layer is cast forward, every gradient of an output backward, weights once a step") {
  const Program program = program_of(fp8_run());
  const double inputs = h + h / 2 + h + 4 * h / 2, outputs = 3 * h / 2 + h + 4 * h / 2 + h;
  CHECK(passes(program, "cast") / byte == Approx(2 * 4 * s * (inputs + outputs) * 4));  // micro-batches, layers
  const double weights = 4 * (12 * h * h + 13 * h) / 2;
  CHECK(passes(program, "cast weights") / byte == Approx(4 * weights));
  CHECK(passes(program_of(fp8_run(Precision::bf16)), "cast") == Bytes{});
}

TEST_CASE("in fp8 one byte per element is gathered for linear layers, two for the head and in sums") {
  const auto bytes = [](const Program& program, Collective kind) {
    return collectives_over(program, "tensor", kind).bytes / byte;
  };
  const Program wide = program_of(fp8_run(Precision::bf16)), narrow = program_of(fp8_run());
  CHECK(bytes(wide, Collective::reduce_scatter) == bytes(narrow, Collective::reduce_scatter));
  const double layers = 2 * 4 * 4, ends = 2 * 2;  // two micro-batches: four gathers a layer, head and embedding
  CHECK(bytes(wide, Collective::all_gather) == (layers + ends) * s * h * 2);
  CHECK(bytes(narrow, Collective::all_gather) == (layers + 2 * ends) * s * h);
}

TEST_CASE("a narrow multiplication reads narrow operands and writes a wide product") {
  const Operator kernel = gemm("product", 1, 10, 20, 30, Precision::fp8, Precision::bf16);
  CHECK(kernel.bytes / byte == 10 * 30 + 30 * 20 + 2 * 10 * 20);
}

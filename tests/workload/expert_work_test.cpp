// What experts cost beside their multiplications, and what of their exchanges is hidden.
#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"
#include "workload/experts.hpp"
#include "workload/step_work.hpp"
#include "workload/training_step.hpp"

#include <algorithm>
#include <string_view>

using namespace traingrid;

namespace {

constexpr double s = 256, h = 512, f = 1024, L = 4, k = 2;

/// 8 experts in each of 4 layers, of which a token sees 2 and a shared one, on 4 ranks.
Run expert_run(const Parallelism& parallelism = {}) {
  Run run = toy_run({.parallelism = parallelism});
  make_llama(run);
  make_experts(run, 8, 4);
  return run;
}

RankShape shape_of(const Run& run) { return {run, 1, 1, 4}; }

Program program_of(const Run& run, int micro_batches) {
  return training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), micro_batches);
}

Bytes bytes_of(const Operators& list, std::string_view name) {
  Bytes sum;
  for (const Operator& kernel : list) sum += kernel.name == name ? kernel.bytes : Bytes{};
  return sum;
}

std::int64_t launches_of(const Operators& list, std::string_view name) {
  std::int64_t sum = 0;
  for (const Operator& kernel : list) sum += kernel.name == name ? kernel.launches : 0;
  return sum;
}

Flop recomputed(const Run& run) { return step_work(program_of(run, 1)).recomputed; }

}  // namespace

TEST_CASE("biases of experts are weighted and added in fp32, 28 bytes of an element forward and 40 backward") {
  Run run = expert_run();
  CHECK(bytes_of(experts_forward(shape_of(run)), "expert biases") == Bytes{});
  run.model.bias = true;
  CHECK(bytes_of(experts_forward(shape_of(run)), "expert biases") / byte == Approx(28 * s * k * h));
  CHECK(bytes_of(experts_backward(shape_of(run)), "expert biases") / byte == Approx(40 * s * k * h));
  run.software.fused_experts = true;
  CHECK(bytes_of(experts_forward(shape_of(run)), "expert biases") == Bytes{});
}

TEST_CASE("what enters a clamped activation is read and written twice more, unless one kernel does it all") {
  Run run = expert_run();
  const auto activation = [&] { return bytes_of(experts_forward(shape_of(run)), "experts activation") / byte; };
  const double plain = activation();
  run.model.swiglu_limit = 7;
  CHECK(activation() - plain == Approx(4 * s * k * 2 * f * 2));
  run.software.fused_experts = true;
  CHECK(activation() == Approx(plain));
}

TEST_CASE("every expert of a rank is multiplied by a kernel of its own, unless one kernel does it all") {
  Run run = expert_run();
  CHECK(launches_of(experts_forward(shape_of(run)), "experts up") == 2);
  CHECK(launches_of(experts_backward(shape_of(run)), "experts up") == 2 * 2);
  run.software.fused_experts = true;
  CHECK(launches_of(experts_forward(shape_of(run)), "experts up") == 1);
}

TEST_CASE("experts on streams of their own run as many at a time as there are streams, and do the same work") {
  Run run = expert_run();
  make_experts(run, 24, 4);  // 6 on each of 4 ranks
  const auto of = [](const Operators& list, std::string_view name) {
    return *std::ranges::find_if(list, [&](const Operator& kernel) { return kernel.name == name; });
  };
  const Operator together = of(experts_forward(shape_of(run)), "experts up");
  run.software.expert_streams = 4;
  const Operator apart = of(experts_forward(shape_of(run)), "experts up");
  CHECK(together.batch == 6);
  CHECK(apart.batch == 3);  // 4 do not divide 6
  CHECK(apart.repeat == 2);
  CHECK(apart.launches * apart.repeat == together.launches);
  CHECK(apart.work() / together.work() == Approx(1));
  run.software.fused_experts = true;
  CHECK(of(experts_forward(shape_of(run)), "experts up").batch == 6);
}

TEST_CASE("what experts keep is copied into pages after the forward and back before the backward pass") {
  Run run = expert_run();
  CHECK(bytes_of(experts_forward(shape_of(run)), "experts stash") == Bytes{});
  run.software.stashed_experts = true;
  const double kept = s * k * (h + 2 * f + f) * 2;  // tokens, gate and up, what lies between the two multiplications
  CHECK(bytes_of(experts_forward(shape_of(run)), "experts stash") / byte == Approx(2 * kept));
  CHECK(bytes_of(experts_backward(shape_of(run)), "experts stash") / byte == Approx(2 * kept));
  CHECK(experts_backward(shape_of(run)).front().name == "experts stash");
}

TEST_CASE(
    "rows of narrow multiplications are filled up and cut off again, unless a capacity or the permutation does it") {
  Run run = expert_run();
  const auto sorting = [&] { return bytes_of(experts_forward(shape_of(run)), "sort by expert") / byte; };
  const double order = 4 * s * k * h * 2;
  CHECK(sorting() == Approx(order));
  run.precision = Precision::fp8;
  CHECK(sorting() == Approx(2 * order));
  run.expert_capacity_factor = 1;
  CHECK(sorting() == Approx(order));
  run.expert_capacity_factor.reset();
  run.software.fused_permutation = true;
  CHECK(sorting() == 0);
}

TEST_CASE(
    "overlapped, tokens are exchanged in the background in all but the first forward and the last backward pass") {
  const int micro_batches = GENERATE(1, 2, 5);
  Run run = expert_run();
  const auto before = collectives_over(program_of(run, micro_batches), "expert", Collective::all_to_all);
  CHECK(before.asynchronous == 0);
  run.software.expert_overlap = true;
  const auto after = collectives_over(program_of(run, micro_batches), "expert", Collective::all_to_all);
  CHECK(after.count == before.count);
  CHECK(after.bytes == before.bytes);
  CHECK(after.asynchronous == 4 * L * (micro_batches - 1));
}

TEST_CASE("an exchange in the background is waited for before the next one begins and before the pass ends") {
  Run run = expert_run({.pipeline = 2});
  run.software.expert_overlap = true;
  const Program program = program_of(run, 4);
  int begun = 0;
  each_operation(program, 1, [&](const Operation& op, int) {
    const bool tokens = op.communicator >= 0 && program.communicators[index(op.communicator)].name == "expert";
    if (tokens && op.kind == Operation::Kind::collective && op.asynchronous) CHECK(++begun == 1);
    if (tokens && op.kind == Operation::Kind::wait) --begun;
    if (op.kind == Operation::Kind::send) CHECK(begun == 0);
  });
  CHECK(begun == 0);
}

TEST_CASE("selective recomputation repeats the modules that it names") {
  Run run = expert_run();
  run.recompute = Recompute::selective;
  run.recompute_modules = {RecomputeModule::shared_experts};
  CHECK(recomputed(run) / flop == Approx(16 * L * 6 * s * h * f));
  run.recompute_modules = {RecomputeModule::layernorm, RecomputeModule::moe_act, RecomputeModule::mlp};
  CHECK(recomputed(run) == Flop{});  // passes only, and no dense layer
  const Program program = program_of(run, 1);
  Bytes passes;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute || op.term != Term::recompute) return;
    for (const Operator& kernel : program.works[index(op.work)]) passes += kernel.bytes;
  });
  CHECK(passes / byte == Approx(L * 2 * (2 * 2 * s * h + 3 * s * k * f)));
  run.recompute_modules = {RecomputeModule::core_attn, RecomputeModule::shared_experts};
  CHECK(recomputed(run) / flop > 16 * L * 6 * s * h * f);
}

TEST_CASE("latent vectors are projected up once more where that is recomputed, and nothing else") {
  Run run = expert_run();
  run.model.q_lora_rank = 128;
  run.model.kv_lora_rank = 64;
  run.model.qk_nope_head_dim = 32;
  run.model.qk_rope_head_dim = 16;
  run.model.v_head_dim = 32;
  run.model.num_key_value_heads = run.model.num_attention_heads;
  run.recompute = Recompute::selective;
  run.recompute_modules = {RecomputeModule::mla_up_proj};
  const Model& m = run.model;
  const double heads = static_cast<double>(m.num_attention_heads);
  const double queries = static_cast<double>(m.q_lora_rank) * heads * static_cast<double>(m.head_dim());
  const double keys = static_cast<double>(m.kv_lora_rank * (m.qk_nope_head_dim + m.v_head_dim)) * heads;
  CHECK(recomputed(run) / flop == Approx(16 * L * 2 * s * (queries + keys)));
}

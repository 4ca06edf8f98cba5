#include "workload/activations.hpp"
#include "workload/memory.hpp"
#include "workload/training_step.hpp"

#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"
#include "toy_changes.hpp"

#include <algorithm>
#include <numeric>

using namespace traingrid;

namespace {

Bytes term(const std::vector<MemoryTerm>& terms, const std::string& name) {
  const auto found = std::ranges::find(terms, name, &MemoryTerm::name);
  return found == terms.end() ? Bytes{} : found->bytes;
}

struct Held {
  std::vector<MemoryTerm> accelerator, host;
};

Held held(const Run& run, int stage = 0, int micro_batches = 4) {
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  return {stage_memory(run, layout, micro_batches, stage), host_memory(run, layout, micro_batches, stage)};
}

/// Bytes that a rank of stage 0 copies or updates in a step.
Bytes moved(const Run& run, Collective kind) {
  const Program program = training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), 4);
  Bytes bytes;
  for (const Launch& launch : program.roles.front().launches) {
    for (const Operation& op : program.blocks[static_cast<std::size_t>(launch.block)].operations) {
      if (op.kind != Operation::Kind::collective || op.collective != kind) continue;
      const Communicator& comm = program.communicators[static_cast<std::size_t>(op.communicator)];
      bytes += op.bytes / comm.offsets[1];
    }
  }
  return bytes;
}

/// Of the passes over gradients of a rank of stage 0 in a step.
Bytes gradient_passes(const Run& run) {
  const Program program = training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), 4);
  Bytes bytes;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind != Operation::Kind::compute) return;
    for (const Operator& pass : program.works[index(op.work)])
      if (pass.name == "clear, check gradients") bytes += pass.bytes;
  });
  return bytes;
}

Run offloading(const Offload& offload, Recompute recompute = Recompute::none) {
  Run run = toy_run({.recompute = recompute});
  run.software.distributed_optimizer = true;
  run.offload = offload;
  return run;
}

}  // namespace

TEST_CASE("windows of copies cover all layers, each ends when its layer is done, and the last with the last layer") {
  const int layers = GENERATE(2, 5, 8, 80), offloaded = std::min(layers - 1, GENERATE(1, 2, 3, 40, 79));
  int last = -1;
  for (int i = 0; i < offloaded; ++i) {
    const int end = offload_window(layers, offloaded, i);
    CHECK(end > i);
    CHECK(end > last);
    last = end;
  }
  CHECK(last == layers - 1);
}

TEST_CASE("activations that an accelerator no longer holds are those that its host holds, and those that are copied") {
  const Run whole = offloading({});
  const int layers = GENERATE(1, 2, 3);
  const Run run = offloading({.cpu_offloading_num_layers = layers});
  const Bytes gone = term(held(whole).accelerator, "activations") - term(held(run).accelerator, "activations");
  CHECK(gone > Bytes{});
  CHECK(gone == term(held(run).host, "activations"));
  CHECK(4 * gone == moved(run, Collective::copy_to_host));  // of four micro-batches, one in flight
  CHECK(4 * gone == moved(run, Collective::copy_from_host));
  CHECK(term(held(run).accelerator, "copied ahead") == gone / layers);
  CHECK(moved(whole, Collective::copy_to_host) == Bytes{});
}

TEST_CASE("inputs of parts of layers go to the host, of all layers but the last of a model chunk") {
  const Run whole = offloading({});
  const auto of = [&](std::vector<OffloadModule> modules) {
    const Run run = offloading({.offload_modules = std::move(modules)});
    const Bytes gone = term(held(whole).accelerator, "activations") - term(held(run).accelerator, "activations");
    CHECK(gone / byte == Approx(term(held(run).host, "activations") / byte));
    return gone;
  };
  const double stream = 256 * 512 * 2, layers = static_cast<double>(toy_run({}).model.num_hidden_layers - 1);
  using enum OffloadModule;
  CHECK(of({attn_norm}) / byte == Approx(layers * stream));
  CHECK(of({attn_norm, mlp_norm, qkv_linear}) / byte == Approx(layers * 3 * stream));
  CHECK(of({core_attn}) / byte == Approx(layers * 3 * stream));
  CHECK(of({core_attn, attn_proj}) / byte == Approx(layers * 4 * stream));
}

TEST_CASE("checkpoints of recomputed layers go to the host") {
  const Run run = offloading({.cpu_checkpointing = true}, Recompute::full);
  const double layers = static_cast<double>(run.model.num_hidden_layers - 1);
  CHECK(term(held(run).host, "activations") / byte == Approx(layers * 256 * 512 * 2));
}

TEST_CASE("optimizer states leave by the fraction that the host updates, with their gradients and weights copied") {
  const double part = GENERATE(0.25, 1.0);
  const Run whole = offloading({}), run = offloading({.optimizer_offload_fraction = part});
  const Bytes states = term(held(whole).accelerator, "optimizer states");
  CHECK(term(held(run).host, "optimizer states") / states == Approx(part));
  CHECK(term(held(run).accelerator, "optimizer states") / states == Approx(1 - part));
  const double updated = part * (states / byte) / run.software.optimizer_state_bytes;
  CHECK(moved(run, Collective::copy_to_host) / byte == Approx(updated * run.software.gradient_bytes));
  CHECK(moved(run, Collective::copy_from_host) / byte == Approx(updated * 2));
  CHECK(moved(run, Collective::update_on_host) / byte == Approx(updated * run.software.optimizer_traffic_bytes));
}

TEST_CASE("copying early or in parts moves the same bytes") {
  const Run plain = offloading({.optimizer_offload_fraction = 0.5});
  Run early = plain, parts = plain;
  early.software.overlap_data_parallel = early.software.early_gradient_offload = true;
  parts.offload.overlap_cpu_optimizer_d2h_h2d = true;
  for (const Collective kind : {Collective::copy_to_host, Collective::copy_from_host, Collective::update_on_host}) {
    CHECK(moved(early, kind) / byte == Approx(moved(plain, kind) / byte));
    CHECK(moved(parts, kind) / byte == Approx(moved(plain, kind) / byte));
  }
}

TEST_CASE("gradients that an accelerator no longer holds are neither cleared nor checked there") {
  Run run = offloading({.optimizer_offload_fraction = 0.5});
  run.software.overlap_data_parallel = true;
  run.software.gradient_passes = 4;
  const Sharding sharding = GENERATE(Sharding::optimizer, Sharding::parameters);
  run.parallelism.sharding = sharding;
  const Bytes all = gradient_passes(run),
              gone = sharding == Sharding::optimizer ? Bytes{} : term(held(run).host, "gradients");
  run.software.early_gradient_offload = true;
  CHECK((all - gradient_passes(run)) / byte == Approx(4 * gone / byte));
}

TEST_CASE("sharded parameters that lie in the host are copied whenever they are gathered") {
  Run run = offloading({.optimizer_offload_fraction = 1, .offload_param = true});
  run.parallelism.sharding = Sharding::parameters;
  run.software.overlap_data_parallel = true;
  Run kept = run;
  kept.offload.offload_param = false;
  const Bytes shard = term(held(run).host, "weights");
  CHECK(shard > Bytes{});
  CHECK(term(held(kept).accelerator, "weights") - term(held(run).accelerator, "weights") == shard);
  const Bytes layers_twice = moved(run, Collective::copy_from_host);
  CHECK(layers_twice > 4 * shard);       // forward and back of four micro-batches,
  CHECK(layers_twice <= 8.001 * shard);  // all but what is needed at once both ways
}

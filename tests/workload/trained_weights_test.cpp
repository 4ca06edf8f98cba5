#include "catch.hpp"
#include "toy.hpp"
#include "workload/memory.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

Program program_of(const Run& run, int micro_batches) {
  return training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), micro_batches);
}

/// Bytes that a rank of the first stage sums with all that hold the same weights, in a step.
double summed_over_replicas(const Program& program) {
  double bytes = 0;
  for (const Launch& launch : program.roles.front().launches) {
    for (const Operation& op : program.blocks[static_cast<std::size_t>(launch.block)].operations) {
      const bool sum = op.kind == Operation::Kind::collective && op.collective == Collective::all_reduce;
      if (sum && op.term == Term::data) bytes += op.bytes / byte;
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("a module of multi-token prediction is a layer, a projection and a head more, on the last stage alone") {
  const auto run_of = [](int modules) {
    Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2}});
    run.model.num_nextn_predict_layers = modules;
    return run;
  };
  const Run run = run_of(0);
  const Model& m = run.model;
  const auto h = static_cast<double>(m.hidden_size),
             tokens = static_cast<double>(run.sequence_length * run.micro_batch);
  const Flop without = step_work(program_of(run, 2)).model, with = step_work(program_of(run_of(1), 2)).model;
  Run deeper = run;  // a layer more, for the last stage
  deeper.model.num_hidden_layers += 2;
  const Flop layer = (step_work(program_of(deeper, 2)).model - without) / 2;
  const double projections = 6 * tokens * h * (2 * h + static_cast<double>(m.vocab_size));
  CHECK((with - without - layer) / flop == Approx(projections * 2 * 4).epsilon(1e-9));  // micro-batches, replicas
  const Layout layout = toy_layout(run_of(1), toy_cluster({.nodes = 4}));
  CHECK(chunk_parameters(run_of(1).model, layout, 0) == chunk_parameters(m, layout, 0));
  CHECK(chunk_parameters(run_of(1).model, layout, 1) - chunk_parameters(m, layout, 1) ==
        Approx(m.prediction_weights().total() / 2));
}

TEST_CASE(
    "with frozen weights only their adapters have gradients, are summed over replicas and have optimizer states") {
  const int tensor = GENERATE(1, 2);
  Run run = toy_run({.parallelism = {.tensor = tensor}});
  run.software.distributed_optimizer = false;
  const auto summed = [&] { return summed_over_replicas(program_of(run, 2)); };
  const auto memory = [&](std::string_view name) {
    const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
    for (const MemoryTerm& term : stage_memory(run, layout, 2, 0)) {
      if (term.name == name) return term.bytes / byte;
    }
    return 0.0;
  };
  const double model_work = step_work(program_of(run, 2)).model / flop, weights = memory("weights");
  run.lora = Adapters{.rank = 8, .targets = {AdapterTarget::linear_qkv, AdapterTarget::linear_fc2}};
  const Model& m = run.model;
  const auto h = static_cast<double>(m.hidden_size), f = static_cast<double>(m.intermediate_size);
  const double per_layer = 8 * (h + 3 * h / tensor + f / tensor + h);
  const double adapters = static_cast<double>(m.num_hidden_layers) * per_layer;
  CHECK(run.lora->weights(m, tensor) == Approx(per_layer));
  CHECK(summed() == Approx(adapters * run.software.gradient_bytes));
  CHECK(memory("gradients") == Approx(adapters * run.software.gradient_bytes));
  CHECK(memory("optimizer states") == Approx(adapters * run.software.optimizer_state_bytes));
  CHECK(memory("weights") == weights);
  const double share = step_work(program_of(run, 2)).model / flop / model_work;
  CHECK(share > 0.65);  // two of three products of every linear layer, and all of attention
  CHECK(share < 0.85);
}

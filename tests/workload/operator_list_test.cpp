#include "workload/operator_list.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"
#include "toy.hpp"
#include "workload/memory.hpp"
#include "workload/step_work.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

namespace {

/// Eight images of a model per rank.
Run run_of(const Model& model) {
  Run run = toy_run({.micro_batch = 8, .batch = 128});
  run.model = model;
  run.sequence_length = 1;
  return run;
}

}  // namespace

TEST_CASE("ResNet-50 has 25,557,032 weights and takes 8.18 GFLOP forward for one image, three times that to train") {
  const auto model = catalogue_entry<Model>("models", "resnet-50");
  CHECK(model.parameters() == 25'557'032);
  const Run run = run_of(model);
  const StepWork work = step_work(training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), 1));
  CHECK(work.model / (128 * flop) == Approx(3 * 8.178e9).epsilon(1e-3));
}

TEST_CASE("what is listed keeps its inputs, and outputs that passes follow, and is summed over data parallel ranks") {
  Model model{.name = "Two products",
              .operators = {{.name = "a", .rows = 4, .columns = 8, .depth = 2, .inputs = 8},
                            {.name = "b",
                             .rows = 4,
                             .columns = 2,
                             .depth = 8,
                             .inputs = 32,
                             .passes = 3,
                             .extra_weights = 2,
                             .repeat = 2}}};
  model.num_hidden_layers = 2;
  model.tie_word_embeddings = model.bias = false;
  CHECK(model.parameters() == 2 * 8 + 2 * (2 * 8 + 2));
  const Run run = run_of(model);
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const auto terms = stage_memory(run, layout, 1, 0);
  const auto activations = std::ranges::find(terms, "activations", &MemoryTerm::name)->bytes;
  CHECK(activations / byte == 2 * 8 * (8 + 2 * (32 + 8)));
  const Program program = training_step(run, layout, 1);
  Bytes summed;
  for (const Operation& op : program.blocks.back().operations)
    summed += op.kind == Operation::Kind::collective ? op.bytes : Bytes{};
  CHECK(summed / byte == 2 * model.parameters());
}

TEST_CASE("a list of operators is trained by data parallel ranks only") {
  Run run = run_of(catalogue_entry<Model>("models", "resnet-50"));
  run.parallelism.pipeline = 2;
  CHECK(resolve_layout(run, toy_cluster()).reason ==
        "a list of operators is trained by data parallel ranks only: tensor, pipeline, context and expert must be 1");
}

TEST_CASE("a listed operator without its shape is a problem") {
  const auto read = read_text<Model>("name: M\noperators: [{name: a, rows: 2, columns: 0}]\n", "model");
  CHECK(messages(read.problems) ==
        std::vector<std::string>{"'operators[0]' lacks the key 'depth'; it states: elements that each of "
                                 "them sums: channels of the input times those of the kernel",
                                 "'columns' must be at least 1, not '0'"});
}

#include "workload/program.hpp"

#include "catch.hpp"
#include "golden.hpp"
#include "toy.hpp"
#include "workload/training_step.hpp"

using namespace traingrid;

TEST_CASE("a program is told as a text: communicators, works, blocks and what every role launches") {
  const Run run = toy_run({.parallelism = {.tensor = 2, .pipeline = 2},
                           .batch = 2,
                           .recompute = Recompute::selective,
                           .model = {.layers = 2, .hidden = 128, .heads = 2, .vocabulary = 256, .sequence = 64}});
  const Program program = training_step(run, toy_layout(run, toy_cluster({.nodes = 1})), 2);
  CHECK(dump(program) == golden("tiny-program/expected.txt", dump(program)));
}

TEST_CASE("equal works are kept once") {
  Program program;
  const Operator one = memory_pass("one", 1 * byte), two = memory_pass("two", 2 * byte);
  CHECK(program.work({one, two}) == 0);
  CHECK(program.work({two, one}) == 1);
  CHECK(program.work({one, two}) == 0);
  CHECK(program.works.size() == 2);
}

TEST_CASE("groups of a communicator lie one after the other") {
  Communicator communicator;
  communicator.add_group({3, 1});
  communicator.add_group({0, 2, 4});
  CHECK(communicator.groups() == 2);
  CHECK(communicator.members == std::vector<std::int32_t>{3, 1, 0, 2, 4});
  CHECK(communicator.offsets == std::vector<std::int32_t>{0, 2, 5});
}

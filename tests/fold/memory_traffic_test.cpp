// Kernels whose bytes are flows on the memory of their accelerator.
#include "fold/memory_traffic.hpp"

#include "catch.hpp"
#include "engine/evaluate.hpp"
#include "fold/dates.hpp"
#include "fold/fabrics.hpp"
#include "fold/steps.hpp"

using namespace traingrid;

namespace {

/// Gradients are summed up while the backward pass goes on.
const StepCase kOverlapped{.name = "overlapped", .tensor = 1, .data = 16, .layers = 4, .change = [](Run& run) {
                             run.software.overlap_data_parallel = true;
                           }};

/// Links half as fast as the memory.
Cluster fast_network(bool kernels_share) {
  Cluster cluster = sixteen_nodes("rail-optimised");
  cluster.network.link.bandwidth = 1e11 * byte / second;
  cluster.accelerator.memory.bandwidth = 2e11 * byte / second;
  cluster.node.memory_link = true;
  cluster.node.kernels_share_memory = kernels_share;
  return cluster;
}

Seconds step_time(const StepCase& step, bool kernels_share, Condition condition = Condition::healthy) {
  return PlacedStep(step, fast_network(kernels_share), condition).evaluate(Folding::certified).trace.end;
}

}  // namespace

TEST_CASE("kernels whose bytes are flows take as long as others where nothing else is moved") {
  const StepCase alone{.name = "alone", .tensor = 1, .data = 1};
  CHECK(difference(step_time(alone, true), step_time(alone, false)) < 1e-12);
}

TEST_CASE("kernels and transfers that overlap slow each other down") {
  CHECK(step_time(kOverlapped, true) > 1.01 * step_time(kOverlapped, false));
}

TEST_CASE("a slow accelerator streams slowly too") {
  const StepCase alone{.name = "alone", .tensor = 1, .data = 1};
  const StepCase two{.name = "two", .tensor = 1, .data = 2};
  const Seconds healthy = step_time(alone, true);
  CHECK(step_time(two, true, Condition::slow_accelerator) >= 1.25 * healthy);
}

TEST_CASE("what memory-bound kernels stream is all that a stretch loses, and bytes stay the same") {
  const PlacedStep plain(kOverlapped, fast_network(false), Condition::healthy);
  const Program& program = plain.program;
  const Program shared = with_memory_traffic(program, plain.cluster.accelerator);
  const auto time = [&](const Program& of, int work) {
    return device_time(plain.cluster.accelerator, of.works[static_cast<std::size_t>(work)]).total();
  };
  const Bandwidth memory = plain.cluster.accelerator.memory.bandwidth;
  int stretches = 0;
  for (std::size_t block = 0; block < program.blocks.size(); ++block) {
    auto next = shared.blocks[block].operations.begin();
    for (const Operation& op : program.blocks[block].operations) {
      const Operation& rest = *next++;
      REQUIRE(rest.kind == op.kind);
      if (op.kind != Operation::Kind::compute) continue;
      Seconds left = time(shared, rest.work);
      if (next != shared.blocks[block].operations.end() && next->kind == Operation::Kind::send &&
          next->tag >= program.tags) {
        left += next->bytes / memory;
        next += 2;
        ++stretches;
      }
      CHECK(left / second == Approx(time(program, op.work) / second).epsilon(1e-12));
    }
  }
  CHECK(stretches > 0);
}

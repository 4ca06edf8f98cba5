#include "campaign/roofline.hpp"

#include "catch.hpp"
#include "toy.hpp"

using namespace traingrid;

TEST_CASE("kernels of one name add up, the longest first, each with what limits it") {
  Program program;
  program.works = {{gemm("product", 1, 1000, 1000, 1000, Precision::fp16), memory_pass("pass", 1e6 * byte)},
                   {memory_pass("pass", 2e6 * byte)}};
  const auto uses = operator_use(toy_accelerator(), program, {{0, 3}, {1, 2}});
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].name == "product");
  CHECK(uses[0].work / flop == Approx(3 * 2e9));
  CHECK(uses[0].time.compute_bound / second == Approx(3 * 20e-6));  // at 100 TFLOP/s
  CHECK(uses[0].work / uses[0].at_peak == Approx(1));
  CHECK(uses[1].bytes / byte == Approx(3 * 1e6 + 2 * 2e6));
  CHECK(uses[1].time.memory_bound / second == Approx(7e-6));  // at 1 TB/s
  CHECK(uses[1].work == Flop{});
}

#include "cluster/device.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"
#include "toy.hpp"

#include <stdexcept>

using namespace traingrid;

namespace {

constexpr Seconds kMicrosecond = 1e-6 * second;

Operator cube(std::int64_t edge) { return gemm("cube", 1, edge, edge, edge, Precision::fp16); }

/// 100 multiprocessors and one tile of 100 x 100: a wave of tiles is a matrix of 1,000 x 1,000.
Accelerator tiled() {
  Accelerator accelerator = toy_accelerator();
  accelerator.multiprocessors = 100;
  accelerator.efficiency.wave_weight = 1;
  accelerator.efficiency.tiles = {{100, 100}};
  return accelerator;
}

}  // namespace

TEST_CASE("a large multiplication takes its FLOP over the peak") {
  const DeviceTime time = device_time(toy_accelerator(), cube(1000));
  CHECK(time.compute_bound / kMicrosecond == Approx(20));  // 2e9 FLOP at 100 TFLOP/s; its 6 MB would take 6 us
  CHECK(time.memory_bound == Seconds{});
}

TEST_CASE("a matrix times a vector takes its bytes over the bandwidth") {
  const DeviceTime time = device_time(toy_accelerator(), gemm("vector", 1, 1, 1000, 1000, Precision::fp16));
  CHECK(time.memory_bound / kMicrosecond == Approx(2.004));  // 1,002,000 elements of 2 bytes at 1 TB/s
  CHECK(time.compute_bound == Seconds{});
}

TEST_CASE("a multiplication on the ridge of the roofline takes equally long for arithmetic and for memory") {
  Accelerator accelerator = toy_accelerator();
  accelerator.memory.bandwidth = 3e11 * byte / second;  // 6 MB in the 20 us of 2e9 FLOP
  CHECK(device_time(accelerator, cube(1000)).total() / kMicrosecond == Approx(20));
  accelerator.memory.bandwidth = 1.5e11 * byte / second;
  CHECK(device_time(accelerator, cube(1000)).memory_bound / kMicrosecond == Approx(40));
}

TEST_CASE("a pass over memory reaches the stated share of the bandwidth") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.memory = 0.8;
  CHECK(device_time(accelerator, memory_pass("pass", 8e6 * byte)).memory_bound / kMicrosecond == Approx(10));
}

TEST_CASE("every kernel pays its latency once, and a pass over nothing is no kernel") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.kernel_latency = 2 * kMicrosecond;
  const Operator pass = memory_pass("pass", 1e6 * byte), nothing = memory_pass("nothing", {});
  CHECK(device_time(accelerator, pass).total() / kMicrosecond == Approx(3));
  CHECK(device_time(accelerator, cube(1000)).total() / kMicrosecond == Approx(22));
  CHECK(device_time(accelerator, nothing).total() == Seconds{});
  const std::vector<Operator> stretch{pass, cube(1000), nothing, pass};
  CHECK(device_time(accelerator, stretch).memory_bound / kMicrosecond == Approx(6));
  CHECK(device_time(accelerator, stretch).compute_bound / kMicrosecond == Approx(22));
}

TEST_CASE("a kernel that repeats takes as long as that many alike") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.kernel_latency = 2 * kMicrosecond;
  Operator fivefold = cube(1000);
  fivefold.repeat = 5;
  CHECK(fivefold.work() / cube(1000).work() == 5);
  CHECK(device_time(accelerator, fivefold).total() / device_time(accelerator, cube(1000)).total() == Approx(5));
}

TEST_CASE("a last wave of tiles that is hardly filled costs as much as a full one") {
  CHECK(gemm_efficiency(tiled(), cube(1000)) == Approx(1));
  const Operator wider = gemm("wider", 1, 1000, 1100, 1000, Precision::fp16);  // 110 tiles in 2 waves of 100
  CHECK(gemm_efficiency(tiled(), wider) == Approx(0.55));
  CHECK(device_time(tiled(), wider).total() / device_time(tiled(), cube(1000)).total() == Approx(2));
  Accelerator halfway = tiled();
  halfway.efficiency.wave_weight = 0.5;
  CHECK(gemm_efficiency(halfway, wider) == Approx(1 - 0.5 * 0.45));
}

TEST_CASE("rows and columns that pad a tile are computed in vain") {
  const Operator thin = gemm("thin", 1, 950, 1000, 1000, Precision::fp16);
  CHECK(gemm_efficiency(tiled(), thin) == Approx(0.95));
  const Operator row = gemm("row", 100, 1, 100, 1000, Precision::fp16);
  CHECK(gemm_efficiency(tiled(), row) == Approx(0.01));
  Accelerator waveless = tiled();
  waveless.efficiency.wave_weight = 0;
  CHECK(gemm_efficiency(waveless, thin) == Approx(0.95));  // 10 rows of tiles for 9.5
  CHECK(gemm_efficiency(waveless, row) == Approx(0.01));
}

TEST_CASE("products of a batch fill waves together") {
  CHECK(gemm_efficiency(tiled(), gemm("batch", 10, 100, 1000, 1000, Precision::fp16)) == Approx(1));
  CHECK(gemm_efficiency(tiled(), gemm("batch", 11, 100, 1000, 1000, Precision::fp16)) == Approx(0.55));
}

TEST_CASE("the best tile is taken") {
  Accelerator accelerator = tiled();
  accelerator.efficiency.tiles = {{100, 100}, {1000, 10}, {50, 10}};
  const Operator thin = gemm("thin", 1, 950, 1000, 1000, Precision::fp16);
  CHECK(gemm_efficiency(accelerator, thin) == Approx(1));  // 19 x 100 tiles of 50 x 10 are 19 full waves
}

TEST_CASE("a multiplication reaches half of its peak where k is the depth of the main loop") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.gemm = 0.8;
  accelerator.efficiency.gemm_depth = 380;
  CHECK(gemm_efficiency(accelerator, gemm("half", 1, 4096, 4096, 380, Precision::fp16)) == Approx(0.4));
  CHECK(gemm_efficiency(accelerator, gemm("deep", 1, 4096, 4096, 380'000, Precision::fp16)) == Approx(0.8 / 1.001));
}

TEST_CASE("an earlier library of multiplications reaches its share in the precisions it names, and no other kernel's") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.gemm_by_library = {{"old", {{"fp16", 0.5}}}};
  Operator earlier = cube(1000);
  earlier.library = "old";
  CHECK(gemm_efficiency(accelerator, earlier) == Approx(0.5 * gemm_efficiency(accelerator, cube(1000))));
  earlier.precision = Precision::bf16;
  CHECK(gemm_efficiency(accelerator, earlier) == Approx(gemm_efficiency(accelerator, cube(1000))));
}

TEST_CASE("a multiplication whose rows begin at odd multiples of two bytes reaches its share of an aligned one") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.gemm_unaligned = 0.3;
  accelerator.efficiency.gemm_depth = 0;
  accelerator.efficiency.wave_weight = 0;
  const auto efficiency = [&](std::int64_t n, std::int64_t k) {
    return gemm_efficiency(accelerator, gemm("", 1, 8192, n, k, Precision::fp16));
  };
  CHECK(efficiency(50'257, 1024) / efficiency(50'258, 1024) == Approx(0.3).epsilon(1e-3));
  CHECK(efficiency(1024, 50'257) / efficiency(1024, 50'258) == Approx(0.3).epsilon(1e-3));
  accelerator.efficiency.gemm_unaligned = 1;
  CHECK(efficiency(1024, 50'257) == efficiency(1024, 50'258));
}

TEST_CASE("power is the mean of the levels over the time in each, and stalled without any") {
  const PowerLevels levels = toy_accelerator().power;  // 400 W in arithmetic, 300 W in memory
  CHECK(mean_power(levels, {.compute_bound = 3 * second, .memory_bound = 1 * second}) / watt == Approx(375));
  CHECK(mean_power(levels, {.memory_bound = 2 * second}) / watt == Approx(300));
  CHECK(mean_power(levels, {}) == levels.stalled);
}

TEST_CASE("a device computes only in the precisions it has a peak for") {
  CHECK(toy_accelerator().supports(Precision::fp16));
  CHECK_FALSE(toy_accelerator().supports(Precision::fp8));
  CHECK_THROWS_AS(toy_accelerator().peak_of(Precision::fp8), std::out_of_range);
}

TEST_CASE("the A100 multiplies as fast as cuBLASLt on it, within 13 %") {
  struct Measured {
    std::int64_t m, n, k;
    double teraflops;
  };
  // Microsoft Azure AI benchmarking guide, ND_A100_v4_results.md, fp16
  const auto measured = GENERATE(values<Measured>({{1024, 1024, 1024, 119.4},
                                                   {2048, 2048, 2048, 221.8},
                                                   {4096, 4096, 4096, 228.0},
                                                   {8192, 8192, 8192, 253.7},
                                                   {16384, 16384, 16384, 256.5},
                                                   {1024, 2145, 1024, 132.8},
                                                   {6144, 12288, 12288, 250.8},
                                                   {802816, 192, 768, 157.8}}));
  static const auto a100 = catalogue_entry<Accelerator>("accelerators", "a100-sxm4-80gb");
  // cuBLAS lays matrices out by columns, so that its m is how long our rows are
  const Operator kernel = gemm("measured", 1, measured.n, measured.m, measured.k, Precision::fp16);
  const FlopRate rate = kernel.work() / device_time(a100, kernel).total();
  INFO(measured.m << " x " << measured.n << " x " << measured.k << ": " << rate / (teraflop / second) << " TFLOP/s");
  CHECK(rate / (teraflop / second) == Approx(measured.teraflops).epsilon(0.13));
}

TEST_CASE(
    "a fused attention kernel reaches its own share of the peak, whatever its shape; without figures it is a product") {
  Accelerator accelerator = toy_accelerator();
  accelerator.efficiency.gemm_depth = 1000;
  Operator kernel = cube(1000);
  kernel.fused = "flash-2";
  CHECK(device_time(accelerator, kernel).total() / kMicrosecond == Approx(40));  // half of the peak at k = k0
  accelerator.efficiency.attention["flash-2"] = {.forward = 0.8, .backward = 0.4};
  CHECK(device_time(accelerator, kernel).total() / kMicrosecond == Approx(25));
  kernel.backward = true;
  CHECK(device_time(accelerator, kernel).total() / kMicrosecond == Approx(50));
  accelerator.efficiency.attention["flash-2"].unmasked = 1.25;
  CHECK(device_time(accelerator, kernel).total() / kMicrosecond == Approx(50));
  kernel.unmasked = true;
  CHECK(device_time(accelerator, kernel).total() / kMicrosecond == Approx(40));
}

TEST_CASE(
    "narrow numbers need a deeper multiplication to fill the main loop, and may have a share of the peak of their "
    "own") {
  Accelerator accelerator = toy_accelerator();
  accelerator.peak["fp8"] = accelerator.peak_of(Precision::fp16);
  accelerator.efficiency.gemm_depth = 500;
  Operator product = cube(1000);
  product.precision = Precision::fp8;
  CHECK(gemm_efficiency(accelerator, product) == Approx(0.5));  // 1,000 of 1-byte elements
  accelerator.efficiency.gemm_by_precision["fp8"] = 0.6;
  CHECK(gemm_efficiency(accelerator, product) == Approx(0.3));
  CHECK(gemm_efficiency(accelerator, cube(1000)) == Approx(1 / 1.5));
}

TEST_CASE("a stretch of kernels takes as long as the host needs to launch them, if that is longer") {
  const Accelerator accelerator = toy_accelerator();
  std::vector<Operator> kernels(3, memory_pass("pass", 1e6 * byte));
  for (Operator& kernel : kernels) kernel.issue = 0.5 * kMicrosecond;
  CHECK(device_time(accelerator, kernels).total() / kMicrosecond == Approx(3));
  kernels.push_back(host_work("logging", 5 * kMicrosecond));
  const DeviceTime time = device_time(accelerator, kernels);
  CHECK(time.total() / kMicrosecond == Approx(6.5));
  CHECK(time.host_bound / kMicrosecond == Approx(3.5));
  const PowerLevels levels = accelerator.power;
  CHECK(mean_power(levels, time) * time.total() ==
        levels.memory_bound * time.memory_bound + levels.stalled * time.host_bound);
}

TEST_CASE("no kernel of attention is faster than the dense peak, masked or not") {
  const auto with = [](const std::string& unmasked) {
    return messages(
        read_text<AttentionEfficiency>("forward: 0.8\nbackward: 0.5\nunmasked: " + unmasked + "\n", "a").problems);
  };
  CHECK(with("1.25").empty());
  CHECK(with("1.3") == std::vector<std::string>{"beyond the dense peak"});
}

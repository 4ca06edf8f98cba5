#include "input/interval.hpp"
#include "catch.hpp"
#include "workshop.hpp"

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// The machine with some lines added, and its intervals resolved for a draw.
struct Resolved {
  Machine machine;
  std::string message;
  std::vector<ConstantRead> constants;
};
Resolved resolve(const std::string& lines, std::optional<Draw> draw = {}) {
  const Workshop workshop;
  workshop.write_machine("name: M\naccelerator: v100\nnodes: 4\n" + lines);
  Inputs inputs = workshop.inputs();
  Document document = inputs.open<Machine>("clusters", "m");
  Resolved resolved{.machine = inputs.read<Machine>(document, draw)};
  resolved.message = inputs.problems().text();
  resolved.constants = inputs.constants();
  return resolved;
}

Uncertain interval_of(const std::string& lines, const std::string& path) {
  for (const ConstantRead& read : resolve(lines).constants) {
    if (read.path == path) return read.uncertain.value();
  }
  throw std::out_of_range(path);
}

const Uncertain kTriangle{Distribution::triangular, 2, 3, 6};

}  // namespace

TEST_CASE("an interval is read as the value in its middle, in either notation and with its source") {
  const Resolved read = resolve(
      "power: {low: 300 W, mid: 0.33 kW, high: {value: 400 W, source: another}, source: a paper}\nefficiency: 0.5 ± 10 "
      "%\n"
      "inlet: {low: 18 °C, mid: 20 °C, high: 27 °C}\n");
  REQUIRE(read.message == "");
  CHECK(read.machine.power == 330 * watt);
  CHECK(read.machine.efficiency == 0.5);
  CHECK(read.machine.inlet.celsius == 20);
  const auto constant = [&](std::string_view path) {
    return *std::ranges::find(read.constants, path, &ConstantRead::path);
  };
  CHECK(constant("power").text == "0.33 kW (300 W to 400 W, triangular)");
  CHECK(constant("power").source == "a paper; high: another");
  CHECK(constant("power").place == "platforms/clusters/m.yaml:4");
  CHECK(constant("efficiency").text == "0.5 ± 10 % (lognormal)");
  CHECK_FALSE(constant("nodes").uncertain);
}

TEST_CASE("a tolerance in per cent is the 90 % interval, whatever the distribution") {
  const std::string shape = GENERATE("lognormal", "triangular");
  const Uncertain value =
      interval_of("power: {value: 100 W ± 20 %, distribution: " + shape + ", source: S}\n", "power");
  CHECK(value.quantile(0.05) == Approx(80).epsilon(1e-9));
  CHECK(value.quantile(0.5) == Approx(100).epsilon(1e-9));
  CHECK(value.quantile(0.95) == Approx(120).epsilon(1e-9));
}

TEST_CASE("+- is another spelling of ±") {
  CHECK(interval_of("power: 100 W +- 20 %\n", "power") == interval_of("power: 100 W ± 20%\n", "power"));
}

TEST_CASE("a triangular value ends at low and high, and its share below is the area of the triangle") {
  CHECK(kTriangle.quantile(0) == Approx(2));
  CHECK(kTriangle.quantile(1) == Approx(6));
  CHECK(kTriangle.quantile(0.25) == Approx(3));          // (mid − low) / (high − low)
  CHECK(kTriangle.quantile(0.0625) == Approx(2.5));      // (x − low)² / (width · (mid − low))
  CHECK(kTriangle.quantile(1 - 4.0 / 12) == Approx(4));  // 1 − (high − x)² / (width · (high − mid))
}

TEST_CASE("a lognormal value has low, mid and high as its 5th, 50th and 95th percentile, and one sigma as it should") {
  const Uncertain value{Distribution::lognormal, 2, 4, 8};
  CHECK(value.quantile(0.05) == Approx(2));
  CHECK(value.quantile(0.5) == Approx(4));
  CHECK(value.quantile(0.95) == Approx(8));
  const double sigma = std::log(2) / 1.6448536269514722;
  CHECK(value.quantile(0.8413447460685429) == Approx(4 * std::exp(sigma)));
  CHECK(value.quantile(0.15865525393145707) == Approx(4 * std::exp(-sigma)));
}

TEST_CASE("a distribution is cut off where the range of the field ends") {
  Uncertain value = within(0.95, 0.04, Distribution::lognormal);
  CHECK(value.quantile(0.999) > 1);
  value.range = fraction;
  CHECK(value.quantile(0.999999) <= 1);
  CHECK(value.quantile(0.5) < 0.95);
}

TEST_CASE("draws of a value average to its mean, and those of another value tell nothing about them") {
  double sum = 0, product = 0;
  constexpr int kDraws = 20'000;
  for (std::uint64_t sample = 0; sample < kDraws; ++sample) {
    const Draw draw{.seed = 3, .sample = sample};
    sum += kTriangle.quantile(draw.uniform(hashed("a")));
    product += (draw.uniform(hashed("a")) - 0.5) * (draw.uniform(hashed("b")) - 0.5);
  }
  CHECK(sum / kDraws == Approx((2 + 3 + 6) / 3.0).epsilon(0.01));
  CHECK(std::abs(product / kDraws * 12) < 4 / std::sqrt(kDraws));
}

TEST_CASE("a draw depends on seed, sample and key alone: one interval more changes no other") {
  const Draw draw{.seed = 1, .sample = 7};
  const Resolved alone = resolve("power: 330 W ± 10 %\n", draw);
  const Resolved beside = resolve("efficiency: 0.5 ± 10 %\nspares: 1\npower: 330 W ± 10 %\n", draw);
  REQUIRE(beside.message == "");
  CHECK(alone.machine.power != 330 * watt);
  CHECK(beside.machine.power == alone.machine.power);
  CHECK(beside.machine.efficiency != 0.5);
  CHECK(alone.constants.empty());
  CHECK(resolve("power: 330 W ± 10 %\n", Draw{.seed = 2, .sample = 7}).machine.power != alone.machine.power);
  CHECK(resolve("power: 330 W ± 10 %\n", Draw{.seed = 1, .sample = 8}).machine.power != alone.machine.power);
}

TEST_CASE("intervals that are drawn with one another rise and fall together, whatever their widths") {
  const std::string power = "power: {low: 300 W, mid: 330 W, high: 400 W, drawn_with: weather}\n";
  const std::string efficiency = "efficiency: {value: 0.5 ± 10 %, drawn_with: weather}\n";
  std::vector<std::pair<Watts, double>> draws;
  for (std::uint64_t sample = 0; sample < 20; ++sample) {
    const Resolved read = resolve(power + efficiency, Draw{.seed = 1, .sample = sample});
    REQUIRE(read.message == "");
    draws.emplace_back(read.machine.power, read.machine.efficiency);
  }
  std::ranges::sort(draws);
  CHECK(std::ranges::is_sorted(draws, {}, &std::pair<Watts, double>::second));
  CHECK(draws.front().second < draws.back().second);
}

TEST_CASE("a source beside an interval, or an alias of it, is the same value") {
  const Draw draw{.seed = 1, .sample = 7};
  const Watts plain = resolve("power: 330 W ± 10 %\n", draw).machine.power;
  CHECK(resolve("power: {value: 330 W ± 10 %, source: a meter}\n", draw).machine.power == plain);
  const Workshop workshop;
  workshop.write_machine(
      "name: M\nnodes: 4\npower: 330 W\nefficiency: 1\n"
      "accelerator: {name: A, memory: {capacity: 8 GB, bandwidth: 1 GB/s}, peak: {fp16: &p 1 TFLOP/s ± 9 %, bf16: "
      "*p}}\n");
  Inputs inputs = workshop.inputs();
  Document document = inputs.open<Machine>("clusters", "m");
  const Machine machine = inputs.read<Machine>(document, draw);
  REQUIRE(inputs.problems().text() == "");
  CHECK(machine.accelerator.peak.at("fp16") == machine.accelerator.peak.at("bf16"));
  CHECK(machine.accelerator.peak.at("fp16") != 1 * teraflop / second);
}

TEST_CASE("a setting replaces an interval by a fixed value, or by another interval") {
  const Workshop workshop;
  workshop.write_machine("name: M\naccelerator: v100\nnodes: 4\npower: {low: 1 W, mid: 2 W, high: 3 W}\n");
  const auto uncertain = [&](const std::string& setting) {
    const auto answer = workshop.read({setting});
    CHECK(answer.message == "");
    return std::ranges::find(answer.constants, "power", &ConstantRead::path)->uncertain;
  };
  CHECK_FALSE(uncertain("power=5 W"));
  CHECK(uncertain("power=5 W ± 10 %")->high == 5.5);
  CHECK(uncertain("power={low: 4 W, mid: 5 W, high: 7 W}")->high == 7);
}

TEST_CASE("an interval whose ends are equal is its value to the last bit") {
  for (const std::string text : {"{low: 0.1 kW, mid: 0.1 kW, high: 0.1 kW}", "0.1 kW ± 0 %"}) {
    CHECK(resolve("power: " + text + "\n", Draw{.seed = 5, .sample = 9}).machine.power ==
          resolve("power: 0.1 kW\n").machine.power);
  }
}

TEST_CASE("every problem of an interval is said at once, with its place") {
  CHECK(resolve("power: {low: 4 W, mid: 3 W, high: 2 GB, hgh: 1}\n").message ==
        R"(platforms/clusters/m.yaml:4:14: 'power': 'low' must not be above 'mid'
  power: {low: 4 W, mid: 3 W, high: 2 GB, hgh: 1}
               ^
platforms/clusters/m.yaml:4:35: 'high': unit 'GB' does not fit here; accepted units: GW, MW, kW, W, mW
  power: {low: 4 W, mid: 3 W, high: 2 GB, hgh: 1}
                                    ^
platforms/clusters/m.yaml:4:41: 'power' has no key 'hgh'; did you mean 'high'?
  power: {low: 4 W, mid: 3 W, high: 2 GB, hgh: 1}
                                          ^)");
  CHECK(
      resolve("power: 4 W ± 10 %\nefficiency: 0.95 ± 10 %\n").message ==
      R"(platforms/clusters/m.yaml:5:13: 'efficiency': all of the interval must be above 0 and at most 1, not only its middle; write it as {low: …, mid: …, high: …}
  efficiency: 0.95 ± 10 %
              ^)");
}

TEST_CASE("what an interval is drawn with has a name") {
  CHECK(resolve("power: {low: 1 W, mid: 2 W, high: 3 W, drawn_with: }\n")
            .message.find("'drawn_with' names those that are drawn together") != std::string::npos);
}

TEST_CASE("what cannot be an interval is refused with the reason") {
  const auto complaint = [](const std::string& lines) {
    const std::string message = resolve(lines).message;
    const std::size_t begin = message.find("'");
    return message.substr(begin, message.find('\n') - begin);
  };
  CHECK(complaint("power: 1 W\nspares: 1 ± 10 %\n") ==
        "'spares' is a count: it takes one whole number, no interval; run it once for each value");
  CHECK(complaint("power: 1 W\nspares: {low: 1, mid: 2, high: 3}\n") ==
        "'spares' is a count: it takes one whole number, no interval; run it once for each value");
  CHECK(complaint("power: 1 W\ninlet: 20 °C ± 10 %\n") ==
        "'inlet': per cent of a temperature mean nothing; write it as {low: …, mid: …, high: …}");
  CHECK(complaint("power: 5 W ± 3 W\n") ==
        "'power': after the ± stands a percentage below 100 %, not '3 W'; as in '370 g/kWh ± 10 %'");
  CHECK(complaint("power: 5 W ± 100 %\n") ==
        "'power': after the ± stands a percentage below 100 %, not '100 %'; as in '370 g/kWh ± 10 %'");
  CHECK(complaint("power: 0 W ± 10 %\n") ==
        "'power': a tolerance in per cent needs a value above zero; write it as {low: …, mid: …, high: …}");
  CHECK(complaint("power: {low: 1 W, mid: 2 W}\n") ==
        "'power' lacks the key 'high'; an interval has low, mid and high");
  CHECK(complaint("power: {value: 5 W ± 3 %, distribution: normal}\n") ==
        "'distribution' must be one of triangular, lognormal, not 'normal'");
  CHECK(complaint("power: {low: 0 W, mid: 2 W, high: 3 W, distribution: lognormal}\n") ==
        "'power': 'low' must be above zero where the distribution is lognormal");
}

}  // namespace traingrid

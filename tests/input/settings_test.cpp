#include "catch.hpp"
#include "workshop.hpp"

namespace traingrid {
namespace {

Workshop::Answer with(const std::vector<std::string>& sets) {
  const Workshop workshop;
  workshop.write_machine(std::string(kMachine) + "tiles: {value: [{m: 1, n: 1}], source: S}\n");
  workshop.write("platforms/accelerators/a100.yaml", "name: A100\nmemory: {capacity: 80 GiB, bandwidth: 2 TB/s}\n");
  return workshop.read(sets);
}

}  // namespace

TEST_CASE("a key is set at any depth, also below a reference and in a list") {
  const auto answer = with({"nodes=9", "cluster.power=1 kW", "accelerator.memory.bandwidth=1 TB/s", "tiles.0.n=7",
                            "tiles[0].m=8", "inlet=30 °C"});
  REQUIRE(answer.message == "");
  CHECK(answer.machine.nodes == 9);
  CHECK(answer.machine.power == 1000 * watt);
  CHECK(answer.machine.accelerator.memory.bandwidth == 1e12 * (byte / second));
  CHECK(answer.machine.accelerator.memory.capacity == 32 * gib);
  CHECK(answer.machine.tiles[0].m == 8);
  CHECK(answer.machine.tiles[0].n == 7);
  CHECK(answer.machine.inlet.celsius == 30);
}

TEST_CASE("setting a reference replaces what it stands for, and later keys go below it") {
  const auto answer = with({"accelerator=a100", "accelerator.memory.capacity=40 GiB"});
  REQUIRE(answer.message == "");
  CHECK(answer.machine.accelerator.name == "A100");
  CHECK(answer.machine.accelerator.memory.capacity == 40 * gib);
  CHECK(with({"tiles=[{m: 5, n: 6}]"}).machine.tiles[0].m == 5);
}

TEST_CASE("a free key is set like any other") {
  const auto answer = with({"accelerator.peak.fp16=125 TFLOP/s"});
  REQUIRE(answer.message == "");
  CHECK(answer.machine.accelerator.peak.at("fp16") == 125 * teraflop / second);
}

TEST_CASE("a key that does not exist is answered with the one that was meant") {
  struct Case {
    std::string set, message;
  };
  const auto wrong = GENERATE(values<Case>({
      {"nods=3", "--set:1:1: there is no key 'nods'; did you mean 'nodes'?\n  nods=3\n  ^"},
      {"cluster.nods=3", "--set:1:1: there is no key 'cluster.nods'; did you mean 'nodes'?\n  cluster.nods=3\n  ^"},
      {"bandwidth=3",
       "--set:1:1: there is no key 'bandwidth'; did you mean 'accelerator.memory.bandwidth'?\n  bandwidth=3\n  ^"},
      {"tiles.x.m=3", "--set:1:1: there is no key 'tiles.x.m'; did you mean 'tiles.0.m'?\n  tiles.x.m=3\n  ^"},
      {"tiles.m=3", "--set:1:1: there is no key 'tiles.m'; did you mean 'tiles.0.m'?\n  tiles.m=3\n  ^"},
      {"nodes", "--set:1:1: a key and a value are needed; write it as 'key=value' or 'key.key=value'\n  nodes\n  ^"},
      {"nodes=", "--set:1:7: 'nodes' has no value; write 'null' to leave a key out\n  nodes=\n        ^"},
      {"nodes=x", "--set:1:7: 'nodes' must be a whole number, not 'x'\n  nodes=x\n        ^"},
      {"power=[",
       "--set:1:7: a key must be a plain word; write it as 'key: value', and close all brackets\n"
       "  power=[\n        ^"},
      {"tiles.3.m=3",
       "--set:1:11: there is no item '3' here; the list has 1, counted from 0\n  tiles.3.m=3\n            ^"},
  }));
  CHECK(with({wrong.set}).message == wrong.message);
}

}  // namespace traingrid

#include "catch.hpp"
#include "workshop.hpp"

namespace traingrid {

TEST_CASE("a base is merged key by key, lists are replaced, and values keep their own source") {
  const Workshop workshop;
  workshop.write_machine(std::string(kMachine) + "source: the base\ntiles: [{m: 1, n: 1}, {m: 2, n: 2}]\n");
  workshop.write("platforms/clusters/big.yaml",
                 "base: m\nsource: the copy\nnodes: 8\naccelerator: {base: v100, memory: {capacity: 16 GiB}}\n"
                 "tiles: [{m: 3, n: 3}]\n");
  const auto answer = workshop.read({}, "big");
  REQUIRE(answer.message == "");
  CHECK(answer.machine.name == "M");
  CHECK(answer.machine.nodes == 8);
  CHECK(answer.machine.tiles.size() == 1);
  CHECK(answer.machine.accelerator.memory.capacity == 16 * gib);
  CHECK(answer.machine.accelerator.memory.bandwidth == 9e11 * (byte / second));
  CHECK(answer.constants[0].path == "name");
  CHECK(answer.constants[0].source == "the base");
}

TEST_CASE("null leaves out what a base holds") {
  const Workshop workshop;
  workshop.write_machine(std::string(kMachine) + "spares: 2\n");
  workshop.write("platforms/accelerators/fast.yaml", "base: v100\npeak: {fp16: 1 TFLOP/s, fp32: 1 TFLOP/s}\n");
  workshop.write("platforms/clusters/other.yaml",
                 "base: m\nspares: null\naccelerator: {base: fast, peak: {fp16: null}}\n");
  const auto answer = workshop.read({}, "other");
  REQUIRE(answer.message == "");
  CHECK(!answer.machine.spares);
  CHECK(answer.machine.accelerator.peak.size() == 1);
}

TEST_CASE("bases that go in a circle are an error that names the chain") {
  const Workshop workshop;
  workshop.write("platforms/clusters/a.yaml", "base: b\n");
  workshop.write("platforms/clusters/b.yaml", "base: a\n");
  CHECK(
      workshop.read({}, "a").message ==
      "platforms/clusters/b.yaml:1:7: bases go in a circle: platforms/clusters/a.yaml -> platforms/clusters/b.yaml -> "
      "platforms/clusters/a.yaml; remove one of them\n  base: a\n        ^");
}

TEST_CASE("a base that is no name is refused") {
  const Workshop workshop;
  workshop.write_machine("base: [m]\n" + std::string(kMachine));
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:1:1: 'base' must be the name of a cluster, not a list\n  base: [m]\n  ^");
}

TEST_CASE("a description in place serves as well as a name") {
  const Workshop workshop;
  workshop.write_machine(
      "name: M\nnodes: 4\npower: 1 W\naccelerator: {name: X, memory: {capacity: 1 GB, bandwidth: 1 GB/s}}\n");
  CHECK(workshop.read().message == "");
  CHECK(workshop.read().machine.accelerator.name == "X");
}

TEST_CASE("a path in a file starts from that file") {
  const Workshop workshop;
  workshop.write("platforms/mine/fast.yaml", "name: F\nmemory: {capacity: 1 GB, bandwidth: 1 GB/s, x: 1}\n");
  workshop.write_machine("name: M\nnodes: 4\npower: 1 W\naccelerator: ../mine/fast.yaml\n");
  CHECK(workshop.read().message ==
        "platforms/mine/fast.yaml:2:45: 'memory' has no key 'x'; known keys: capacity, bandwidth\n"
        "  memory: {capacity: 1 GB, bandwidth: 1 GB/s, x: 1}\n"
        "                                              ^");
}

TEST_CASE("a missing file is reported where it is named") {
  const Workshop workshop;
  workshop.write_machine("name: M\nnodes: 4\npower: 1 W\naccelerator: ../mine/fast.yaml\n");
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:4:14: platforms/mine/fast.yaml: there is no such file; check the path\n"
        "  accelerator: ../mine/fast.yaml\n"
        "               ^");
}

}  // namespace traingrid

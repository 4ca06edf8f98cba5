#include "catch.hpp"
#include "workshop.hpp"

namespace traingrid {
namespace {

/// The message for a good machine with some lines added.
std::string complaint(const std::string& lines) {
  const Workshop workshop;
  workshop.write_machine(kMachine + lines);
  return workshop.read().message;
}

}  // namespace

TEST_CASE("a described struct is read with all its kinds of values") {
  const Workshop workshop;
  workshop.write_machine(std::string(kMachine) +
                         "efficiency: 0.9\ncolour: blue\nshared: true\nbuilt: 2019-10-01\ninlet: 27 °C\n"
                         "tiles:\n  - {m: 128, n: 256}\n  - {m: 64, n: 64}\nspares: 2\nnote: a test\n");
  const auto answer = workshop.read();
  REQUIRE(answer.message == "");
  const Machine& machine = answer.machine;
  CHECK(machine.name == "M");
  CHECK(machine.accelerator.name == "V100");
  CHECK(machine.accelerator.memory.capacity == 32 * gib);
  CHECK(machine.nodes == 4);
  CHECK(machine.power == 330 * watt);
  CHECK(machine.efficiency == 0.9);
  CHECK(machine.colour == Colour::blue);
  CHECK(machine.shared);
  CHECK(to_text(machine.built) == "2019-10-01");
  CHECK(machine.inlet.celsius == 27);
  REQUIRE(machine.tiles.size() == 2);
  CHECK(machine.tiles[1].n == 64);
  CHECK(machine.spares == 2);
}

TEST_CASE("every value is recorded with its place and the source nearest to it") {
  const Workshop workshop;
  workshop.write_machine(
      "source: a paper\nname: M\naccelerator: v100\nnodes: 4\n"
      "power: {value: 330 W, source: a meter}\ntiles: {value: [{m: 1, n: 2}], calibrated_on: two rows}\n");
  const auto answer = workshop.read({"efficiency=0.5"});
  REQUIRE(answer.message == "");
  const auto constant = [&](const std::string& path) {
    for (const ConstantRead& read : answer.constants) {
      if (read.path == path) return read;
    }
    return ConstantRead{};
  };
  CHECK(constant("nodes").source == "a paper");
  CHECK(constant("nodes").text == "4");
  CHECK(constant("nodes").place == "platforms/clusters/m.yaml:4");
  CHECK(constant("power").source == "a meter");
  CHECK(constant("tiles.0.n").source == "a paper");
  CHECK(constant("tiles.0.n").calibrated_on == "two rows");
  CHECK(constant("accelerator.memory.bandwidth").source == "NVIDIA, V100 datasheet, 2020");
  CHECK(constant("accelerator.memory.bandwidth").place == "platforms/accelerators/v100.yaml:5");
  CHECK(constant("efficiency").source == "");
  CHECK(constant("efficiency").place == "--set:1");
}

TEST_CASE("an unknown key is answered with the key that was meant") {
  CHECK(complaint("spare: 2\n") ==
        "platforms/clusters/m.yaml:5:1: 'cluster' has no key 'spare'; did you mean 'spares'?\n"
        "  spare: 2\n"
        "  ^");
}

TEST_CASE("an unknown key that resembles nothing is answered with the known keys") {
  CHECK(complaint("tiles:\n- {m: 1, n: 1, banana: 3}\n") ==
        "platforms/clusters/m.yaml:6:16: 'tiles[0]' has no key 'banana'; known keys: m, n\n"
        "  - {m: 1, n: 1, banana: 3}\n"
        "                 ^");
}

TEST_CASE("a missing key is reported at the mapping that lacks it") {
  CHECK(complaint("tiles:\n- {m: 1}\n") ==
        "platforms/clusters/m.yaml:6:3: 'tiles[0]' lacks the key 'n'; it states: columns\n"
        "  - {m: 1}\n"
        "    ^");
}

TEST_CASE("all problems of all files come at once, in the order of files and lines") {
  const Workshop workshop;
  workshop.write("platforms/accelerators/v100.yaml", "name: V\nmemory: {capacity: 32, bandwidth: -1 GB/s}\n");
  workshop.write_machine("nodes: 012\nname: M\naccelerator: v100\n");
  CHECK(workshop.read().message ==
        "platforms/accelerators/v100.yaml:2:20: 'capacity': '32' has no unit; accepted units: TB, GB, MB, kB, B\n"
        "  memory: {capacity: 32, bandwidth: -1 GB/s}\n"
        "                     ^\n"
        "platforms/accelerators/v100.yaml:2:35: 'bandwidth' must be greater than zero, not '-1 GB/s'\n"
        "  memory: {capacity: 32, bandwidth: -1 GB/s}\n"
        "                                    ^\n"
        "platforms/clusters/m.yaml:1:1: 'cluster' lacks the key 'power'; it states: what it draws\n"
        "  nodes: 012\n"
        "  ^\n"
        "platforms/clusters/m.yaml:1:8: 'nodes' must be a whole number, not '012'; remove the leading zeros\n"
        "  nodes: 012\n"
        "         ^");
}

TEST_CASE("at most 20 problems are printed, then how many more there are") {
  std::string lines;
  for (int i = 0; i < 23; ++i) lines += "zzzzzzzz" + std::to_string(i) + ": 1\n";
  const std::string message = complaint(lines);
  CHECK(message.find("zzzzzzzz19'") != std::string::npos);
  CHECK(message.find("zzzzzzzz20'") == std::string::npos);
  CHECK(message.substr(message.rfind('\n')) == "\nand 3 more");
}

TEST_CASE("a value of the wrong kind says what was expected and what was found") {
  struct Case {
    std::string line, message;
  };
  const auto wrong = GENERATE(values<Case>({
      {"tiles: {m: 1}", "'tiles' must be a list, not a mapping"},
      {"tiles: 3", "'tiles' must be a list, not a single value"},
      {"efficiency: [1]", "'efficiency' must be a number, not a list"},
      {"efficiency: 1 W", "'efficiency' must be a number, not '1 W'; it takes no unit"},
      {"efficiency: .nan", "'efficiency' must be a number, not '.nan'"},
      {"efficiency: nan", "'efficiency' must be a number, not 'nan'"},
      {"efficiency: .inf", "'efficiency' must be a number, not '.inf'"},
      {"efficiency: 1e999", "'efficiency' must be a number, not '1e999'"},
      {"efficiency: 1.5", "'efficiency' must be above 0 and at most 1, not '1.5'"},
      {"efficiency: 0", "'efficiency' must be above 0 and at most 1, not '0'"},
      {"colour: gren", "'colour' must be one of red, green, blue, not 'gren'; did you mean 'green'?"},
      {"colour: 7", "'colour' must be one of red, green, blue, not '7'"},
      {"shared: yes", "'shared' must be true or false, not 'yes'"},
      {"built: 2019-02-30", "'built' must be a date such as 2020-05-28, not '2019-02-30'"},
      {"inlet: 300 K", "'inlet': '300 K' is not a temperature; write it as '40 °C'"},
      {"spares: 1.5", "'spares' must be a whole number, not '1.5'"},
      {"spares: 1e19", "'spares' must be at most 9007199254740992, not '1e19'"},
      {"spares: -1", "'spares' must be zero or more, not '-1'"},
      {"spares: 4", "there are more spares than nodes"},
      {"spares:", "'spares' has no value; it must be a whole number"},
      {"source: {a: 1}", "'source' must be text, not a mapping"},
  }));
  const std::string message = complaint(wrong.line + "\n");
  const std::size_t space = message.find(' ');
  CHECK(message.substr(space + 1, message.find('\n') - space - 1) == wrong.message);
}

TEST_CASE("a number that no int holds is refused") {
  const Workshop workshop;
  workshop.write_machine("name: M\naccelerator: v100\nnodes: 3e9\npower: 1 W\n");
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:3:8: 'nodes' must be at most 2147483647, not '3e9'\n"
        "  nodes: 3e9\n"
        "         ^");
}

TEST_CASE("a power without unit, of another unit, negative or not a number is refused") {
  struct Case {
    std::string value, message;
  };
  const auto wrong = GENERATE(values<Case>({
      {"330", "'power': '330' has no unit; accepted units: GW, MW, kW, W, mW"},
      {"330 J", "'power': unit 'J' does not fit here; accepted units: GW, MW, kW, W, mW"},
      {"330 Watt", "'power': unknown unit 'Watt'; accepted units: GW, MW, kW, W, mW"},
      {"-330 W", "'power' must be zero or more, not '-330 W'"},
      {"NaN W", "'power': 'NaN W' is not a number with a unit; accepted units: GW, MW, kW, W, mW"},
  }));
  const Workshop workshop;
  workshop.write_machine("name: M\naccelerator: v100\nnodes: 1\npower: " + wrong.value + "\n");
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:4:8: " + wrong.message + "\n  power: " + wrong.value + "\n         ^");
}

TEST_CASE("null leaves an optional key out") {
  const Workshop workshop;
  workshop.write_machine(std::string(kMachine) + "spares: null\n");
  CHECK(workshop.read().message == "");
  CHECK(!workshop.read().machine.spares);
}

TEST_CASE("a file that holds no mapping is refused") {
  const Workshop workshop;
  workshop.write_machine("- a\n- b\n");
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:1:1: 'cluster' must be a mapping, not a list\n  - a\n  ^");
}

TEST_CASE("a long line is cut around the caret") {
  const std::string message = complaint("note: " + std::string(5000, 'x') + "\ntiles: [" + std::string(300, ' ') + "7" +
                                        std::string(300, ' ') + "]\n");
  CHECK(message == "platforms/clusters/m.yaml:6:309: 'tiles[0]' must be a mapping, not a single value\n  …" +
                       std::string(60, ' ') + "7" + std::string(49, ' ') + "…\n   " + std::string(60, ' ') + "^");
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(complaint("tiles: [{µ: 1, m: 1, n: é}]\n") ==
        "platforms/clusters/m.yaml:5:10: 'tiles[0]' has no key 'µ'; known keys: m, n\n"
        "  tiles: [{µ: 1, m: 1, n: é}]\n"
        "           ^\n"
        "platforms/clusters/m.yaml:5:25: 'n' must be a whole number, not 'é'\n"
        "  tiles: [{µ: 1, m: 1, n: é}]\n"
        "                          ^");
}

TEST_CASE("an outline lists every key with its unit, its range and what it means") {
  const Outline outline = Outline::of<Machine>();
  const OutlineRow* tile = outline.find({"tiles", "7", "m"});
  REQUIRE(tile != nullptr);
  CHECK(tile->path() == "tiles[].m");
  CHECK(tile->type == "whole number");
  CHECK(tile->range.text == "at least 1");
  CHECK(outline.find({"accelerator"})->folder == "accelerators");
  CHECK(outline.find({"accelerator", "peak", "fp16"})->path() == "accelerator.peak.<name>");
  CHECK(outline.find({"colour"})->type == "one of red, green, blue");
  CHECK(outline.find({"accelerator", "memory", "bandwidth"})->type == accepted_units(Bandwidth::dimension));
  CHECK(outline.find({"tiles", "x"}) == nullptr);
}

}  // namespace traingrid

// A small world for the tests of this room: descriptors of their own, and a catalogue in a temporary directory.
#pragma once

#include "input/inputs.hpp"
#include "input/settings.hpp"
#include "units/text.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace traingrid {

enum class Colour { red, green, blue };
template <>
struct Spellings<Colour> {
  static constexpr std::array<std::string_view, 3> names{"red", "green", "blue"};
};

struct Memory {
  Bytes capacity;
  Bandwidth bandwidth;
  void describe(Fields& fields) {
    fields.required("capacity", capacity, "Memory of the device.", positive);
    fields.required("bandwidth", bandwidth, "Peak bandwidth of that memory.", positive);
  }
};

struct Device {
  std::string name;
  Memory memory;
  std::map<std::string, FlopRate> peak;
  void describe(Fields& fields) {
    fields.required("name", name, "Name of the device.");
    fields.required("memory", memory, "Its memory.");
    fields.optional("peak", peak, "Peak by precision.", positive);
  }
};

struct Shape {
  int m = 0, n = 0;
  void describe(Fields& fields) {
    fields.required("m", m, "Rows.", at_least_one);
    fields.required("n", n, "Columns.", at_least_one);
  }
};

struct Machine {
  std::string name;
  Device accelerator;
  int nodes = 0;
  Watts power;
  double efficiency = 1;
  Colour colour = Colour::red;
  bool shared = false;
  Date built;
  Temperature inlet{20};
  std::vector<Shape> tiles;
  std::optional<std::int64_t> spares;
  void describe(Fields& fields) {
    fields.required("name", name, "Name of the machine.");
    fields.reference("accelerator", accelerator, "accelerators", "What it computes with.");
    fields.required("nodes", nodes, "Nodes of the machine.", at_least_one);
    fields.required("power", power, "What it draws.", non_negative);
    fields.optional("efficiency", efficiency, "Share that is left.", positive_fraction);
    fields.optional("colour", colour, "Colour of its racks.");
    fields.optional("shared", shared, "Whether others use it too.");
    fields.optional("built", built, "Day it was opened.");
    fields.optional("inlet", inlet, "Temperature of the air.");
    fields.optional("tiles", tiles, "Shapes of tiles.");
    fields.optional("spares", spares, "Spare nodes.", non_negative);
    fields.check("spares", !spares || *spares < nodes, "there are more spares than nodes");
  }
};

/// A temporary directory that is the catalogue, and goes with the test.
class Workshop {
 public:
  Workshop() : root_(std::filesystem::temp_directory_path() / ("traingrid_input_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
    write("platforms/accelerators/v100.yaml",
          "name: V100\nsource: NVIDIA, V100 datasheet, 2020\nmemory:\n  capacity: 32 GiB\n  bandwidth: 900 GB/s\n");
  }
  ~Workshop() { std::filesystem::remove_all(root_); }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  void write(const std::string& path, const std::string& bytes) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << bytes;
  }
  void write_machine(const std::string& bytes) const { write("platforms/clusters/m.yaml", bytes); }
  const std::filesystem::path& root() const { return root_; }
  Inputs inputs() const { return Inputs(Catalogue({root_})); }

  /// The machine `m` of the catalogue, or the whole message that says why not.
  struct Answer {
    Machine machine;
    std::string message;
    std::vector<ConstantRead> constants;
    std::vector<OpenedFile> opened;
  };
  Answer read(const std::vector<std::string>& sets = {}, const std::string& name = "m") const {
    Answer answer;
    Inputs inputs = this->inputs();
    const Settings settings(sets, {{"cluster", Outline::of<Machine>()}}, inputs);
    Document document = inputs.open<Machine>("clusters", name);
    settings.apply(document);
    answer.machine = inputs.read<Machine>(document);
    answer.constants = inputs.constants();
    answer.opened = inputs.opened();
    answer.message = inputs.problems().text();
    return answer;
  }

 private:
  std::filesystem::path root_;
};

inline constexpr const char* kMachine = "name: M\naccelerator: v100\nnodes: 4\npower: 330 W\n";

}  // namespace traingrid

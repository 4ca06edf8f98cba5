// Reads a described struct from a Node and says everything that is wrong with it.
#pragma once

#include "input/fields.hpp"
#include "input/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Problems;

/// A scalar that was read.
struct ConstantRead {
  std::string document;       ///< "run", "cluster", "site", …
  std::string path;           ///< "accelerator.memory.bandwidth", "efficiency.tiles.0.m"
  std::string text;           ///< as written
  std::string source;         ///< the nearest one around it; empty if none is stated
  std::string calibrated_on;  ///< what it was fitted to, if it was
  std::string place;          ///< "platforms/accelerators/v100.yaml:12"
  Mark mark{};                ///< the same, for messages
};

/// Fields whose values are wrong keep what they held. A rule across fields is judged only if all fields before it in
/// its mapping were right.
class Reader : public Fields {
 public:
  /// `name` is how messages call the root: "cluster". Both references must outlive the reader.
  Reader(const Node& root, std::string name, Problems& problems);

  void check(std::string_view name, bool holds, const std::string& message) override;
  const std::vector<ConstantRead>& constants() const { return constants_; }

 protected:
  bool open(const FieldInfo& info) override;
  void close() override;
  std::size_t items() override;
  void open_item(std::size_t index) override;
  std::vector<std::string> keys() override;
  void open_key(const std::string& key) override;
  bool begin_mapping() override;
  void end_mapping() override;
  void quantity(double& si, Dimension dimension) override;
  void temperature(Temperature& value) override;
  void date(Date& value) override;
  void number(double& value) override;
  void integer(std::int64_t& value, std::int64_t greatest) override;
  void boolean(bool& value) override;
  void text(std::string& value) override;
  void choice(std::size_t& index, std::span<const std::string_view> names) override;

 private:
  /// The value that is being read, and what is known about it.
  struct Frame {
    const Node* node;
    Mark mark;         ///< of its key
    std::string name;  ///< as messages call it
    std::string path;
    Range range = any;
    std::vector<std::string> accepted{};  ///< keys declared so far, if it is read as a mapping
    bool broken = false;                  ///< there was a problem in it
  };

  Frame& top() { return frames_.back(); }
  void push(const Node& node, const Mark& mark, std::string name, const std::string& step, Range range);
  void problem(const Mark& mark, std::string message, std::string hint = {});
  /// False, and a problem, unless the value is of this kind.
  bool expect(const Node& node, Node::Kind kind, std::string_view wanted);
  /// The text of a scalar, recorded as read; null if it is none. `wanted` completes "must be …".
  const std::string* scalar(std::string_view wanted);
  bool in_range(double value);

  std::vector<Frame> frames_;
  Problems& problems_;
  std::vector<ConstantRead> constants_;
};

}  // namespace traingrid

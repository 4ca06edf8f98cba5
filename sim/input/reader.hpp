// Reads a described struct from a Node and says everything that is wrong with it.
#pragma once

#include "input/fields.hpp"
#include "input/node.hpp"
#include "input/uncertain.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Problems;

/// A scalar that was read.
struct ConstantRead {
  std::string document;                  ///< "run", "cluster", "site", …
  std::string path;                      ///< "accelerator.memory.bandwidth", "efficiency.tiles.0.m"
  std::string text;                      ///< as written
  std::string source;                    ///< the nearest one around it; empty if none is stated
  std::string calibrated_on;             ///< what it was fitted to, if it was
  std::string place;                     ///< "platforms/accelerators/v100.yaml:12"
  Mark mark{};                           ///< the same, for messages
  std::optional<Uncertain> uncertain{};  ///< if it is an interval
};

/// Fields whose values are wrong keep what they held. A rule across fields is judged only if all fields before it in
/// its mapping were right.
class Reader : public Fields {
 public:
  /// `name` is how messages call the root: "cluster". Both references must outlive the reader. Intervals are read as
  /// the values of the draw, and then nothing is recorded; without a draw as those in their middle.
  Reader(const Node& root, std::string name, Problems& problems, std::optional<Draw> draw = {});

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
  void record(const Node& node, const std::string& text, std::optional<Uncertain> uncertain = {});
  bool in_range(double value);

  /// A number of some kind: how messages call it, whether a share of it means anything, and how it is written.
  struct Real {
    struct Parsed {
      double value = 0;
      std::string error{}, hint{};  ///< why it is none, after its name; the next step
    };
    std::string_view wanted;
    bool has_shares = true;
    std::function<Parsed(const std::string& text)> parse;
  };
  void real(double& value, const Real& kind);
  /// The current value, which is a text and no interval.
  std::optional<double> plain(const Real& kind, const std::string& text);
  /// Three values, or one with a tolerance.
  std::optional<Uncertain> interval(const Real& kind);
  std::optional<Uncertain> three_values(const Real& kind);
  std::optional<Uncertain> tolerance(const Real& kind);
  std::optional<double> one_of_three(std::string_view key, const Real& kind);
  std::optional<Distribution> distribution(Distribution usual);
  std::string interval_text(const Uncertain& value);

  std::vector<Frame> frames_;
  Problems& problems_;
  std::optional<Draw> draw_;
  std::vector<ConstantRead> constants_;
};

}  // namespace traingrid
